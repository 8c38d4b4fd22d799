//! Properties of the plan: making its changes leads to a table for which the plan is empty, and every change is needed.

use proptest::{
    collection::{btree_map, btree_set, vec},
    option,
    prelude::*,
    prop_assert, prop_assert_eq, proptest, sample,
};
use serde_json::{Value, json};

use super::*;
use crate::{
    actions::update_table::description::{KeyElement, LocalIndex, Projection},
    input::FromJson as _,
};

const ATTRIBUTES: [&str; 4] = ["a", "b", "c", "d"];
const INDEXES: [&str; 4] = ["one", "two", "three", "local"];
const KEY: &str = "arn:aws:kms:us-east-1:123456789012:key/k1";

/// What DynamoDB does with a change.
#[expect(clippy::too_many_lines, reason = "one arm for each kind")]
fn apply(is: &mut Described, change: &Kind) {
    let table = &mut is.table;
    let index = |table: &mut Table, name: &str, change: &dyn Fn(&mut Index)| {
        change(table.global_secondary_indexes.iter_mut().find(|index| index.name == name).unwrap());
    };
    let maximum = |is: &mut Option<i64>, wanted: Option<i64>| {
        if let Some(wanted) = wanted {
            *is = Some(wanted).filter(|units| *units != -1);
        }
    };
    let limit = |is: &mut OnDemand, wanted: OnDemand| {
        maximum(&mut is.max_read_request_units, wanted.max_read_request_units);
        maximum(&mut is.max_write_request_units, wanted.max_write_request_units);
    };
    let warm = |is: &mut Warm, wanted: Warm| {
        for (is, wanted) in [
            (&mut is.read_units_per_second, wanted.read_units_per_second),
            (&mut is.write_units_per_second, wanted.write_units_per_second),
        ] {
            assert!(wanted.is_none_or(|wanted| wanted >= is.unwrap_or(0)), "DynamoDB refuses a decrease");
            *is = wanted.or(*is);
        }
    };
    match change {
        Kind::DeletionProtection(on) => table.deletion_protection_enabled = *on,
        Kind::Untag(keys) => keys.iter().for_each(|key| assert!(is.tags.remove(key).is_some())),
        Kind::Tag(tags) => is.tags.extend(tags.clone()),
        Kind::Recovery { enabled, days } => is.set_recovery(*enabled, *days),
        Kind::TimeToLive { attribute, enabled } => {
            assert_ne!(is.time_to_live.attribute().is_some(), *enabled, "DynamoDB refuses what is so already");
            is.set_time_to_live(enabled.then_some(attribute));
        }
        Kind::DeleteIndex(name) => {
            let before = table.global_secondary_indexes.len();
            table.global_secondary_indexes.retain(|index| index.name != *name);
            assert_eq!(table.global_secondary_indexes.len(), before - 1);
        }
        Kind::PayPerRequest => {
            table.provisioned_throughput = Throughput::default();
            table
                .global_secondary_indexes
                .iter_mut()
                .for_each(|index| index.provisioned_throughput = Throughput::default());
            is.set_on_demand(true);
        }
        Kind::Provisioned { changes_mode, table: of_table, indexes } => {
            assert_eq!(*changes_mode, table.is_on_demand());
            if let Some(throughput) = of_table {
                assert_ne!(*throughput, table.provisioned_throughput, "DynamoDB refuses what is so already");
                table.provisioned_throughput = *throughput;
            }
            for (name, throughput) in indexes {
                index(table, name, &|index| {
                    assert_ne!(*throughput, index.provisioned_throughput, "DynamoDB refuses what is so already");
                    index.provisioned_throughput = *throughput;
                });
            }
            let all_have_units = |index: &Index| index.provisioned_throughput.read_capacity_units > 0;
            assert!(table.global_secondary_indexes.iter().all(all_have_units), "each index needs a throughput");
            is.set_on_demand(false);
        }
        Kind::OnDemand { table: of_table, indexes } => {
            assert!(table.is_on_demand());
            if let Some(wanted) = of_table {
                limit(&mut table.on_demand_throughput, *wanted);
            }
            for (name, wanted) in indexes {
                index(table, name, &|index| limit(&mut index.on_demand_throughput, *wanted));
            }
        }
        Kind::Warm(wanted) => warm(&mut table.warm_throughput, *wanted),
        Kind::WarmIndex(name, wanted) => index(table, name, &|index| warm(&mut index.warm_throughput, *wanted)),
        Kind::StreamOff => {
            assert!(table.stream_specification.stream_enabled, "DynamoDB refuses what is so already");
            table.stream_specification.stream_enabled = false;
        }
        Kind::Stream(view) => {
            assert!(!table.stream_specification.stream_enabled, "DynamoDB refuses another view");
            table.stream_specification.stream_enabled = true;
            view.as_str().clone_into(&mut table.stream_specification.stream_view_type);
        }
        Kind::Sse { enabled, kind, key } => {
            let sse = &mut table.sse_description;
            (if *enabled { "ENABLED" } else { "DISABLED" }).clone_into(&mut sse.status);
            kind.map_or("KMS", SseKind::as_str).clone_into(&mut sse.kind);
            key.as_deref().unwrap_or("arn:aws:kms:us-east-1:123456789012:key/aws").clone_into(&mut sse.key);
        }
        Kind::TableClass(class) => is.set_class(class.as_str()),
        Kind::CreateIndex { index, attributes } => {
            assert!(table.index(&index.name).is_none(), "DynamoDB refuses a second index of the same name");
            assert_eq!(table.is_on_demand(), index.provisioned_throughput == Throughput::default());
            assert!(table.is_on_demand() || index.on_demand_throughput.holds(OnDemand::default()));
            for element in &index.key_schema {
                assert!(attributes.iter().any(|attribute| attribute.attribute_name == element.attribute_name));
            }
            table.global_secondary_indexes.push(index.clone());
            table
                .attribute_definitions
                .retain(|is| !attributes.iter().any(|new| new.attribute_name == is.attribute_name));
            table.attribute_definitions.extend(attributes.clone());
        }
    }
}

fn throughput() -> impl Strategy<Value = Throughput> {
    (1..3_i64, 1..3_i64).prop_map(|(read_capacity_units, write_capacity_units)| Throughput {
        read_capacity_units,
        write_capacity_units,
    })
}

fn on_demand() -> impl Strategy<Value = OnDemand> {
    let units = || option::of(1..3_i64);
    (units(), units()).prop_map(|(max_read_request_units, max_write_request_units)| OnDemand {
        max_read_request_units,
        max_write_request_units,
    })
}

fn warm() -> impl Strategy<Value = Warm> {
    let units = || option::of(1..4_i64);
    (units(), units()).prop_map(|(read_units_per_second, write_units_per_second)| Warm {
        read_units_per_second,
        write_units_per_second,
    })
}

fn index() -> impl Strategy<Value = Index> {
    (sample::select(&INDEXES[..3]), sample::select(&ATTRIBUTES[..]), any::<bool>(), throughput(), on_demand(), warm())
        .prop_map(|(name, key, all, provisioned_throughput, on_demand_throughput, warm_throughput)| Index {
            name: name.to_owned(),
            status: "ACTIVE".to_owned(),
            key_schema: vec![KeyElement { attribute_name: key.to_owned(), key_type: "HASH".to_owned() }],
            projection: Projection {
                projection_type: Some((if all { "ALL" } else { "KEYS_ONLY" }).to_owned()),
                non_key_attributes: Vec::new(),
            },
            provisioned_throughput,
            on_demand_throughput,
            warm_throughput,
            ..Index::default()
        })
}

fn described() -> impl Strategy<Value = Described> {
    let settings = (any::<bool>(), any::<bool>(), any::<bool>(), option::of(sample::select(&["e", "f"][..])));
    let more = (
        option::of(sample::select(&["KEYS_ONLY", "NEW_IMAGE"][..])),
        option::of(Just(())),
        option::of(1..4_i64),
        btree_map("[xyz]", "[12]", 0..3),
    );
    (settings, more, throughput(), on_demand(), warm(), vec(index(), 0..4)).prop_map(
        |((on_demand, protected, infrequent, expires), (stream, sse, days, tags), units, most, warm, indexes)| {
            let mut is = Described { tags, ..Described::default() };
            let key = |name: &str| KeyElement { attribute_name: name.to_owned(), key_type: "HASH".to_owned() };
            is.set_on_demand(on_demand);
            is.set_time_to_live(expires);
            is.set_recovery(days.is_some(), days);
            if infrequent {
                is.set_class("STANDARD_INFREQUENT_ACCESS");
            }
            let table = &mut is.table;
            "ACTIVE".clone_into(&mut table.status);
            table.deletion_protection_enabled = protected;
            table.key_schema = vec![key("a")];
            table.local_secondary_indexes = vec![LocalIndex { name: "local".to_owned(), key_schema: vec![key("a")] }];
            if let Some(view) = stream {
                table.stream_specification.stream_enabled = true;
                view.clone_into(&mut table.stream_specification.stream_view_type);
            }
            if sse.is_some() {
                "ENABLED".clone_into(&mut table.sse_description.status);
                "KMS".clone_into(&mut table.sse_description.kind);
                KEY.clone_into(&mut table.sse_description.key);
            }
            table.warm_throughput = warm;
            for mut index in indexes {
                if table.index(&index.name).is_some() {
                    continue;
                }
                if on_demand {
                    index.provisioned_throughput = Throughput::default();
                } else {
                    index.on_demand_throughput = OnDemand::default();
                }
                table.global_secondary_indexes.push(index);
            }
            if on_demand {
                table.on_demand_throughput = most;
            } else {
                table.provisioned_throughput = units;
            }
            let keys: std::collections::BTreeSet<String> = (table.key_schema.iter())
                .chain(table.global_secondary_indexes.iter().flat_map(|index| &index.key_schema))
                .map(|element| element.attribute_name.clone())
                .collect();
            let definition = |attribute_name| Attribute { attribute_name, attribute_type: "S".to_owned() };
            table.attribute_definitions = keys.into_iter().map(definition).collect();
            is
        },
    )
}

/// Events, of which about half are valid for a table.
fn event() -> impl Strategy<Value = Value> {
    fn input(
        name: &'static str,
        value: impl Strategy<Value = Value> + 'static,
    ) -> BoxedStrategy<Option<(&'static str, Value)>> {
        option::weighted(0.3, value.prop_map(move |value| (name, value))).boxed()
    }
    let units = || (0..4_i64).prop_map(Value::from);
    let truth = || any::<bool>().prop_map(Value::from);
    let word = |words: &'static [&'static str]| sample::select(words).prop_map(Value::from);
    let provisioned = || {
        option::of((1..4_i64, 1..4_i64)).prop_map(|of| {
            json!(of.map(|(read, write)| json!({"ReadCapacityUnits": read, "WriteCapacityUnits": write})))
        })
    };
    let maximum = || {
        option::of((-1..3_i64, option::of(1..3_i64))).prop_map(|of| {
            json!(of.map(|(read, write)| json!({"MaxReadRequestUnits": read, "MaxWriteRequestUnits": write})))
        })
    };
    let warmed = || {
        option::of((1..5_i64, option::of(1..5_i64))).prop_map(|of| {
            json!(of.map(|(read, write)| json!({"ReadUnitsPerSecond": read, "WriteUnitsPerSecond": write})))
        })
    };
    let throughputs = move || (sample::select(&INDEXES[..]), provisioned(), maximum(), warmed());
    let create = (throughputs(), sample::select(&ATTRIBUTES[..]), any::<bool>()).prop_map(
        |((name, provisioned, maximum, warmed), key, all)| {
            json!({
                "IndexName": name,
                "KeySchema": [{"AttributeName": key, "KeyType": "HASH"}],
                "Projection": {"ProjectionType": if all { "ALL" } else { "KEYS_ONLY" }},
                "ProvisionedThroughput": provisioned,
                "OnDemandThroughput": maximum,
                "WarmThroughput": warmed,
            })
        },
    );
    let update = throughputs().prop_map(|(name, provisioned, maximum, warmed)| {
        json!({
            "IndexName": name,
            "ProvisionedThroughput": provisioned,
            "OnDemandThroughput": maximum,
            "WarmThroughput": warmed,
        })
    });
    let definitions = btree_set(sample::select(&ATTRIBUTES[..]), 1..5).prop_map(|names| {
        names.into_iter().map(|name| json!({"AttributeName": name, "AttributeType": "S"})).collect::<Value>()
    });
    let stream = (any::<bool>(), option::of(sample::select(&["KEYS_ONLY", "NEW_IMAGE"][..])))
        .prop_map(|(on, view)| json!({"StreamEnabled": on, "StreamViewType": view}));
    let sse = (any::<bool>(), option::of(sample::select(&["k1", "k2", KEY][..])))
        .prop_map(|(on, key)| json!({"Enabled": on, "KMSMasterKeyId": key.filter(|_| on)}));
    let inputs: Vec<BoxedStrategy<Option<(&'static str, Value)>>> = vec![
        input("billingMode", word(&["PROVISIONED", "PAY_PER_REQUEST"])),
        input("readCapacityUnits", units()),
        input("writeCapacityUnits", units()),
        input("onDemandThroughput", maximum()),
        input("warmThroughput", warmed()),
        input("createIndexes", vec(create, 1..3).prop_map(Value::from)),
        input("updateIndexes", vec(update, 1..2).prop_map(Value::from)),
        input("deleteIndexes", vec(sample::select(&INDEXES[..3]), 1..3).prop_map(|names| json!(names))),
        input("attributeDefinitions", definitions),
        input("streamSpecification", stream),
        input("sseSpecification", sse),
        input("tableClass", word(&["STANDARD", "STANDARD_INFREQUENT_ACCESS"])),
        input("deletionProtectionEnabled", truth()),
        input("timeToLiveAttribute", sample::select(vec![json!(false), json!("e"), json!("f")])),
        input("pointInTimeRecovery", truth()),
        input("recoveryPeriodInDays", (1..4_i64).prop_map(Value::from)),
        input("tags", btree_map("[xy]", "[12]", 1..3).prop_map(|tags| json!(tags))),
        input("removeTags", vec("[z]", 1..3).prop_map(|keys| json!(keys))),
    ];
    inputs.prop_map(|given| {
        let mut event = json!({"tableName": "T"});
        event
            .as_object_mut()
            .unwrap()
            .extend(given.into_iter().flatten().map(|(name, value)| (name.to_owned(), value)));
        event
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 4_096, ..ProptestConfig::default() })]

    #[test]
    fn the_changes_lead_to_a_table_that_needs_none(mut is in described(), event in event()) {
        let event = Json::parse(&event.to_string()).unwrap();
        let input = Input::from_json(event, &Path::Input("event")).unwrap();
        let Ok(changes) = plan(&is, &input) else { return Ok(()) };
        for (done, change) in changes.iter().enumerate() {
            // What is left is what the plan is now.
            prop_assert_eq!(&plan(&is, &input).unwrap(), &changes[done..]);
            prop_assert!(!change.inputs.is_empty());
            let before = is.clone();
            apply(&mut is, &change.kind);
            prop_assert!(before != is, "{:?} changes nothing", change);
        }
        prop_assert_eq!(plan(&is, &input).unwrap(), Vec::new());
    }
}
