//! Scans of simulated tables: any division into segments, any order of the pages, any limits.

use proptest::prelude::*;

use super::*;

/// An item's number, and the length of its text.
type Item = (usize, usize);

/// The page of a segment that DynamoDB would answer with. `matches` says whether the filter lets an item through.
fn page(items: &[Item], place: &Place, limit: usize, matches: impl Fn(&Item) -> bool, counts_only: bool) -> Reply {
    let start = match place {
        Place::Beginning => 0,
        Place::After(key) => 1 + items.iter().position(|item| key_of(item) == *key).unwrap(),
        Place::End => unreachable!(),
    };
    let end = (start + limit).min(items.len());
    let found: Vec<String> = items[start..end]
        .iter()
        .filter(|item| matches(item))
        .map(|(number, length)| format!(r#"{{"id":{{"N":"{number}"}},"t":{{"S":"{}"}}}}"#, "x".repeat(*length)))
        .collect();
    let mut body = format!(r#"{{"Count":{},"ScannedCount":{}"#, found.len(), end - start);
    if !counts_only {
        body.extend([r#","Items":["#, &found.join(","), "]"]);
    }
    body += r#","ConsumedCapacity":{"CapacityUnits":0.5}"#;
    if end < items.len() || limit == end - start {
        body.extend([r#","LastEvaluatedKey":"#, &key_of(&items[end - 1])]);
    }
    body.push('}');
    Reply { status: 200, attempts: 1, body: body.into(), ..Reply::default() }
}

fn key_of((number, _): &Item) -> String {
    format!(r#"{{"id":{{"N":"{number}"}}}}"#)
}

fn token(places: &[Place]) -> String {
    places.iter().map(|place| format!("{place:?}").replace(['"', '\\'], "")).collect::<Vec<_>>().join(",")
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_item_comes_once(
        segments in prop::collection::vec(prop::collection::vec(0..120_usize, 0..25), 1..7),
        limit in 1..8_usize,
        bytes in 450..3_000_usize,
        most in prop::option::of(1..30_usize),
        at_once in 1..8_usize,
        filter in 1..4_usize,
        counts_only in any::<bool>(),
        order in prop::collection::vec(any::<prop::sample::Index>(), 16),
    ) {
        let mut number = 0;
        let segments: Vec<Vec<Item>> = segments
            .into_iter()
            .map(|lengths| lengths.into_iter().map(|length| { number += 1; (number, length) }).collect())
            .collect();
        let matches = |(number, _): &Item| number % filter == 0;
        // The token can take more than the answer has room for.
        let bytes = bytes + 60 * segments.len();
        let mut places = vec![Place::Beginning; segments.len()];
        let (mut seen, mut count, mut scanned) = (Vec::new(), 0, 0);
        for round in 0.. {
            prop_assert!(round < 500, "no progress");
            let mut pages = SegmentedPages::new(Format::Plain, Bounds { bytes, items: most }, places.clone(), token).unwrap();
            let mut turn = 0;
            // The pages that are under way: segment and limit.
            let mut under_way: Vec<(usize, usize)> = Vec::new();
            loop {
                for (segment, place) in pages.places.clone().iter().enumerate() {
                    let is_under_way = under_way.iter().any(|(other, _)| *other == segment);
                    if *place != Place::End && !is_under_way && under_way.len() < at_once && pages.has_room(under_way.len()) {
                        under_way.push((segment, limit));
                    }
                }
                if under_way.is_empty() {
                    break;
                }
                let (segment, limit) = under_way.swap_remove(order[turn % order.len()].index(under_way.len()));
                turn += 1;
                let reply = page(&segments[segment], pages.place(segment), limit, matches, counts_only);
                match pages.add(segment, reply) {
                    Ok(Added::Again(limit)) => under_way.push((segment, limit)),
                    Ok(Added::Done) => {}
                    // The first item is larger than the answer.
                    Err(error) => {
                        prop_assert_eq!(error.error_type(), "ResponseTooLarge");
                        return Ok(());
                    }
                }
            }
            places.clone_from(&pages.places);
            let is_complete = pages.is_complete();
            let answer = pages.into_answer().into_text();
            prop_assert!(answer.len() <= bytes, "{} bytes, {} allowed", answer.len(), bytes);
            let answer: serde_json::Value = serde_json::from_str(&answer).unwrap();
            let data = &answer["data"];
            prop_assert_eq!(data.get("NextToken").is_none(), is_complete);
            let items = data["Items"].as_array().cloned().unwrap_or_default();
            prop_assert!(most.is_none_or(|most| data["Count"].as_u64() <= Some(most as u64)));
            if !counts_only {
                prop_assert_eq!(data["Count"].as_u64(), Some(items.len() as u64));
            }
            count += data["Count"].as_u64().unwrap();
            scanned += data["ScannedCount"].as_u64().unwrap();
            seen.extend(items.iter().map(|item| usize::try_from(item["id"].as_u64().unwrap()).unwrap()));
            if is_complete {
                break;
            }
        }
        let expected: Vec<usize> =
            segments.iter().flatten().filter(|item| matches(item)).map(|(number, _)| *number).collect();
        seen.sort_unstable();
        if !counts_only {
            prop_assert_eq!(&seen, &expected);
        }
        prop_assert_eq!(count, expected.len() as u64);
        // A page that is cut counts all of its evaluated items.
        prop_assert!(scanned >= count);
    }
}

#[test]
fn an_item_that_does_not_fit_alone_is_an_error() {
    let mut pages =
        SegmentedPages::new(Format::Plain, Bounds { bytes: 300, items: None }, vec![Place::Beginning], token).unwrap();
    let error = pages.add(0, page(&[(1, 400)], &Place::Beginning, 5, |_| true, false)).unwrap_err();
    assert_eq!(error.error_type(), "ResponseTooLarge");
}
