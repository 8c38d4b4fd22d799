//! Joins and cuts pages as DynamoDB writes them.

use super::*;

/// A page of items with these ids. Each item has a text of `width` bytes.
fn page(ids: std::ops::Range<u32>, width: usize, last_key: Option<u32>) -> Reply {
    let items: Vec<String> =
        ids.clone().map(|id| format!(r#"{{"id":{{"N":"{id}"}},"text":{{"S":"{}"}}}}"#, "x".repeat(width))).collect();
    let count = ids.len();
    let key = last_key.map(|id| format!(r#","LastEvaluatedKey":{{"id":{{"N":"{id}"}}}}"#)).unwrap_or_default();
    let body = format!(
        r#"{{"Items":[{}],"Count":{count},"ScannedCount":{count},"ConsumedCapacity":{{"TableName":"T","CapacityUnits":0.5}},"New":1{key}}}"#,
        items.join(",")
    );
    Reply { status: 200, attempts: 1, body: body.into_bytes(), ..Reply::default() }
}

fn bounds(bytes: usize, items: Option<usize>) -> Bounds {
    Bounds { bytes, items }
}

fn ids(answer: &Answer) -> Vec<u32> {
    let json: serde_json::Value = serde_json::from_str(answer.as_ref()).unwrap();
    json["data"]["Items"].as_array().unwrap().iter().map(|item| item["id"].to_string().parse().unwrap()).collect()
}

#[test]
fn joins_pages_and_adds_up() {
    let mut pages = Pages::new(Format::Plain, bounds(100_000, None), Continuation::Key);
    assert_eq!(pages.add(page(0..2, 1, Some(1)), None), Ok(Next::After(r#"{"id":{"N":"1"}}"#.into())));
    assert_eq!(pages.add(page(0..0, 1, Some(7)), None), Ok(Next::After(r#"{"id":{"N":"7"}}"#.into())));
    assert_eq!(pages.add(page(8..9, 1, None), None), Ok(Next::Done));
    let answer = pages.into_answer();
    assert_eq!(
        answer.as_ref(),
        r#"{"data":{"$metadata":{"httpStatusCode":200,"requestId":"","attempts":3,"totalRetryDelay":0},"Items":[{"id":0,"text":"x"},{"id":1,"text":"x"},{"id":8,"text":"x"}],"Count":3,"ScannedCount":3,"ConsumedCapacity":{"TableName":"T","CapacityUnits":1.5},"New":1}}"#
    );
}

/// The answer keeps to every limit. Continuing from its key returns the remaining items, without loss or repetition.
#[test]
fn every_limit_cuts_between_items() {
    for bytes in 300..1_200 {
        let mut got = Vec::new();
        let mut from = 0;
        loop {
            let mut pages = Pages::new(Format::Plain, bounds(bytes, None), Continuation::Key);
            let (mut start, mut limit) = (from, 4);
            loop {
                let end = (start + limit).min(11);
                let reply = page(start..end, 20, (end < 11).then(|| end - 1));
                let asked = (start > 0).then(|| format!(r#"{{"id":{{"N":"{}"}}}}"#, start - 1));
                match pages.add(reply, asked.as_deref()).unwrap() {
                    Next::Done => break,
                    Next::After(_) => (start, limit) = (end, 4),
                    Next::Again(most) => limit = u32::try_from(most).unwrap(),
                }
            }
            let answer = pages.into_answer();
            assert!(answer.size() <= bytes, "{} bytes of {bytes}", answer.size());
            let some = ids(&answer);
            assert!(!some.is_empty());
            got.extend(some);
            let json: serde_json::Value = serde_json::from_str(answer.as_ref()).unwrap();
            match json["data"]["LastEvaluatedKey"]["id"]["N"].as_str() {
                Some(id) => from = id.parse::<u32>().unwrap() + 1,
                None => break,
            }
        }
        assert_eq!(got, (0..11).collect::<Vec<_>>(), "with {bytes} bytes");
    }
}

#[test]
fn ends_at_the_requested_number_of_items() {
    let mut pages = Pages::new(Format::Typed, bounds(100_000, Some(3)), Continuation::Key);
    assert!(matches!(pages.add(page(0..2, 1, Some(1)), None), Ok(Next::After(_))));
    assert_eq!(pages.items_left(), Some(1));
    assert_eq!(pages.add(page(2..6, 1, Some(5)), None), Ok(Next::Done));
    let answer = pages.into_answer();
    assert!(answer.as_ref().contains(r#""Count":3,"ScannedCount":3"#), "{answer:?}");
    assert!(answer.as_ref().ends_with(r#""LastEvaluatedKey":{"id":{"N":"2"}}}}"#), "{answer:?}");
}

#[test]
fn requests_a_page_again_if_its_key_is_unknown() {
    let mut pages = Pages::new(Format::Plain, bounds(100_000, Some(3)), Continuation::Key);
    assert_eq!(pages.add(page(0..5, 1, None), None), Ok(Next::Again(3)));
    assert_eq!(pages.add(page(0..3, 1, Some(2)), None), Ok(Next::Done));
    assert_eq!(ids(&pages.into_answer()), [0, 1, 2]);
}

#[test]
fn an_item_that_does_not_fit_is_an_error() {
    let mut pages = Pages::new(Format::Plain, bounds(500, None), Continuation::Key);
    let error = pages.add(page(0..3, 1_000, None), None).unwrap_err();
    assert_eq!(error.error_type(), "ResponseTooLarge");
}

#[test]
fn the_key_ahead_equals_the_key_after_adding_the_page() {
    let with = |bytes, items, body: &str| {
        let pages = Pages::new(Format::Plain, bounds(bytes, items), Continuation::Key);
        pages.key_ahead(&Reply { body: body.into(), ..Reply::default() })
    };
    let body = r#"{"Count":1,"Items":[{"id":{"N":"1"}}],"LastEvaluatedKey":{"id":{"N":"1"}},"ScannedCount":1}"#;
    assert_eq!(with(10_000, None, body).as_deref(), Some(r#"{"id":{"N":"1"}}"#));
    let mut pages = Pages::new(Format::Plain, bounds(10_000, None), Continuation::Key);
    let reply = Reply { body: body.into(), ..Reply::default() };
    assert_eq!(pages.add(reply, None), Ok(Next::After(r#"{"id":{"N":"1"}}"#.into())));
    // The page may not be needed: there is no room, or there are enough items.
    assert_eq!(with(600, None, body), None);
    assert_eq!(with(10_000, Some(5), body), None);
    for not_there in [
        r#"{"Count":1,"Items":[{"id":{"N":"1"}}],"ScannedCount":1}"#,
        r#"{"Items":[{"LastEvaluatedKey":{"M":{"id":{"N":"1"}}}}]}"#,
        r#"{"Items":[{"id":{"N":"1"},"LastEvaluatedKey":{"S":"x"}}],"Count":1}"#,
        r#"{"Items":[{"id":{"S":",\"LastEvaluatedKey\":{},\"x\":{}"}}]}"#,
        r#"{"Items":[{"M":{"M":{"LastEvaluatedKey":{"S":"x"}}}}]}"#,
        "",
    ] {
        assert_eq!(with(10_000, None, not_there), None, "{not_there}");
    }
}
