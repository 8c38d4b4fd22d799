//! The global secondary indexes to create, delete and change.

use super::{
    Change, Kind,
    throughput::{ON_DEMAND_ONLY, target},
};
use crate::{
    actions::{
        table_settings::{GlobalIndex, KeyElement, OnDemand as OnDemandInput, ThroughputInput, Warm as WarmInput},
        update_table::{
            Input,
            description::{
                Attribute, Index, KeyElement as DescribedKeyElement, OnDemand, Projection, Table, Throughput, Warm,
            },
        },
    },
    error::Error,
    input::List,
    path::Path,
};

const CREATE_INDEXES: &str = "createIndexes";
pub(super) const UPDATE_INDEXES: &str = "updateIndexes";

/// What the inputs mean for each index of the table.
pub(super) struct Indexes<'a> {
    /// The names of the indexes to delete.
    deleted: Vec<&'a str>,
    /// The indexes to create, each with its place in `createIndexes`.
    created: Vec<(usize, &'a GlobalIndex)>,
    /// The indexes that stay.
    pub(super) kept: Vec<Kept<'a>>,
}

/// An index that stays, with the throughputs that the inputs ask for.
pub(super) struct Kept<'a> {
    pub(super) is: &'a Index,
    pub(super) wanted: Option<Wanted<'a>>,
}

/// The throughputs that an input asks for.
#[derive(Clone, Copy)]
pub(super) struct Wanted<'a> {
    /// `createIndexes` or `updateIndexes`, and the place in the list.
    pub(super) input: &'static str,
    at: usize,
    pub(super) provisioned: Option<&'a ThroughputInput>,
    pub(super) on_demand: Option<&'a OnDemandInput>,
    pub(super) warm: Option<&'a WarmInput>,
}

impl Wanted<'_> {
    /// The provisioned throughput.
    ///
    /// # Errors
    /// Returns [`Error::InvalidInput`] for 0 units.
    pub(super) fn throughput(&self) -> Result<Option<Throughput>, Error> {
        let list = Path::Input(self.input);
        self.provisioned.map(|input| throughput(input, &list.element(self.at))).transpose()
    }

    /// An error about this member.
    pub(super) fn problem(&self, member: &str, problem: &'static str) -> Error {
        Error::input(&Path::Input(self.input).element(self.at).member(member), problem)
    }
}

impl<'a> Indexes<'a> {
    /// Compares the inputs with the table's indexes.
    pub(super) fn compare(table: &'a Table, input: &'a Input) -> Result<Self, Error> {
        let to_create = input.create_indexes.as_deref().unwrap_or_default();
        let to_update = input.update_indexes.as_deref().unwrap_or_default();
        let to_delete = input.delete_indexes.as_ref().map_or(&[][..], |List(names)| names);
        let (to_create_path, to_update_path, to_delete_path) =
            (Path::Input(CREATE_INDEXES), Path::Input(UPDATE_INDEXES), Path::Input("deleteIndexes"));
        let is_local = |name: &str| table.local_secondary_indexes.iter().any(|index| index.name == name);

        let (mut created, mut asked) = (Vec::new(), Vec::new());
        for (at, index) in to_create.iter().enumerate() {
            let path = to_create_path.element(at);
            if to_create[..at].iter().any(|earlier| earlier.name == index.name) {
                return Err(Error::input(&path.member("IndexName"), "the list has this index twice; give it once"));
            }
            if is_local(&index.name) {
                let problem = "the table has a local secondary index of this name; choose another name";
                return Err(Error::input(&path.member("IndexName"), problem));
            }
            match table.index(&index.name) {
                None => created.push((at, index)),
                Some(is) if is.is_like(&described(index)) => {
                    asked.push((
                        index.name.as_str(),
                        Wanted {
                            input: CREATE_INDEXES,
                            at,
                            provisioned: index.provisioned_throughput.as_ref(),
                            on_demand: index.on_demand_throughput.as_ref(),
                            warm: index.warm_throughput.as_ref(),
                        },
                    ));
                }
                Some(_) if to_delete.contains(&index.name) => created.push((at, index)),
                Some(_) => {
                    let problem = "the table has an index of this name with another key or projection; to replace it, \
                                   name it in `deleteIndexes`, too";
                    return Err(Error::input(&path, problem));
                }
            }
        }
        let mut deleted: Vec<&str> = Vec::new();
        for (at, name) in to_delete.iter().enumerate() {
            if is_local(name) {
                let problem = "a local secondary index cannot be deleted: it is part of the table";
                return Err(Error::input(&to_delete_path.element(at), problem));
            }
            // An index that is also to be created, and is there as it should be, has replaced the old one already.
            let is_replaced = asked.iter().any(|(kept, _)| kept == name);
            if table.index(name).is_some() && !is_replaced && !deleted.contains(&name.as_str()) {
                deleted.push(name);
            }
        }
        for (at, index) in to_update.iter().enumerate() {
            let name = index.name.as_str();
            let problem = if to_update[..at].iter().any(|earlier| earlier.name == name) {
                "the list has this index twice; give it once"
            } else if to_create.iter().any(|created| created.name == name) {
                "`createIndexes` has this index; give its throughput there"
            } else if to_delete.iter().any(|deleted| deleted == name) {
                "`deleteIndexes` has this index; name it in one of them"
            } else if table.index(name).is_none() {
                "the table has no global secondary index of this name"
            } else {
                asked.push((
                    name,
                    Wanted {
                        input: UPDATE_INDEXES,
                        at,
                        provisioned: index.provisioned_throughput.as_ref(),
                        on_demand: index.on_demand_throughput.as_ref(),
                        warm: index.warm_throughput.as_ref(),
                    },
                ));
                continue;
            };
            return Err(Error::input(&to_update_path.element(at).member("IndexName"), problem));
        }
        let stays = |index: &&Index| table.index(&index.name).is_some() && !deleted.contains(&index.name.as_str());
        let wanted = |name: &str| asked.iter().find(|(asked, _)| *asked == name).map(|(_, wanted)| *wanted);
        let kept = table.global_secondary_indexes.iter().filter(stays);
        let kept = kept.map(|is| Kept { is, wanted: wanted(&is.name) }).collect();
        Ok(Self { deleted, created, kept })
    }

    pub(super) fn deletions(&self) -> impl Iterator<Item = Change> {
        let kinds = self.deleted.iter().map(|name| Kind::DeleteIndex((*name).to_owned()));
        kinds.map(|kind| Change::of(&["deleteIndexes"], kind))
    }

    /// The indexes to create, each with the definitions that it needs.
    pub(super) fn creations(&self, table: &Table, input: &Input) -> Result<Vec<Change>, Error> {
        let definitions = self.definitions(table, input)?;
        let list = Path::Input(CREATE_INDEXES);
        let to_create = self.created.iter().map(|&(at, input_of)| {
            let path = list.element(at);
            let mut index = described(input_of);
            if let Some(of_table) = target(table, input)? {
                if !index.on_demand_throughput.holds(OnDemand::default()) {
                    return Err(Error::input(&path.member("OnDemandThroughput"), ON_DEMAND_ONLY));
                }
                let own = input_of.provisioned_throughput.as_ref().map(|own| throughput(own, &path)).transpose()?;
                index.provisioned_throughput = own.unwrap_or(of_table);
            }
            let attributes = input_of.key_schema.iter().enumerate().map(|(place, KeyElement { name, .. })| {
                definitions.iter().find(|definition| definition.attribute_name == *name).cloned().ok_or_else(|| {
                    let keys = path.member("KeySchema");
                    let element = keys.element(place);
                    let problem = "the attribute has no definition; add its name and type to `attributeDefinitions`";
                    Error::input(&element.member("AttributeName"), problem)
                })
            });
            let attributes = attributes.collect::<Result<_, Error>>()?;
            Ok(Change::of(&[CREATE_INDEXES], Kind::CreateIndex { index, attributes }))
        });
        to_create.collect()
    }

    /// The definitions in the event, and those of the table that the event does not replace.
    fn definitions(&self, table: &Table, input: &Input) -> Result<Vec<Attribute>, Error> {
        let given = input.attribute_definitions.as_deref().unwrap_or_default();
        let kept = self.kept.iter().flat_map(|kept| &kept.is.key_schema);
        let local = table.local_secondary_indexes.iter().flat_map(|index| &index.key_schema);
        let used: Vec<&str> =
            table.key_schema.iter().chain(local).chain(kept).map(|key| key.attribute_name.as_str()).collect();
        let will_be_used = self.created.iter().flat_map(|(_, index)| &index.key_schema);
        let will_be_used: Vec<&str> = will_be_used.map(|key| key.name.as_str()).collect();
        let mut definitions: Vec<Attribute> = Vec::new();
        for (at, definition) in given.iter().enumerate() {
            let name = definition.name.as_str();
            let is = table.attribute_definitions.iter().find(|is| is.attribute_name == name);
            let problem = if definitions.iter().any(|earlier| earlier.attribute_name == name) {
                "the list has this attribute twice; give it once".to_owned()
            } else if let Some(is) =
                is.filter(|is| used.contains(&name) && is.attribute_type != definition.r#type.as_str())
            {
                format!("a key of the table has this attribute with the type {}", is.attribute_type)
            } else if !used.contains(&name) && !will_be_used.contains(&name) {
                "no key of the table or of an index to create has this attribute".to_owned()
            } else {
                definitions.push(Attribute {
                    attribute_name: name.to_owned(),
                    attribute_type: definition.r#type.as_str().to_owned(),
                });
                continue;
            };
            return Err(Error::input(&Path::Input("attributeDefinitions").element(at), problem));
        }
        for definition in &table.attribute_definitions {
            if !definitions.iter().any(|given| given.attribute_name == definition.attribute_name) {
                definitions.push(definition.clone());
            }
        }
        Ok(definitions)
    }
}

/// `path` is the path of the index.
fn throughput(input: &ThroughputInput, path: &Path<'_>) -> Result<Throughput, Error> {
    let built = input.build(&path.member("ProvisionedThroughput"))?;
    Ok(Throughput { read_capacity_units: built.read_capacity_units, write_capacity_units: built.write_capacity_units })
}

/// The index as DynamoDB will describe it, without its provisioned throughput.
fn described(input: &GlobalIndex) -> Index {
    let key = |KeyElement { name, r#type }: &KeyElement| DescribedKeyElement {
        attribute_name: name.clone(),
        key_type: r#type.as_str().to_owned(),
    };
    Index {
        name: input.name.clone(),
        key_schema: input.key_schema.iter().map(key).collect(),
        projection: Projection {
            projection_type: input.projection.r#type.map(|kind| kind.as_str().to_owned()),
            non_key_attributes: input
                .projection
                .non_key_attributes
                .as_ref()
                .map_or_else(Vec::new, |List(names)| names.clone()),
        },
        on_demand_throughput: input.on_demand_throughput.as_ref().map(OnDemand::from).unwrap_or_default(),
        warm_throughput: input.warm_throughput.as_ref().map(Warm::from).unwrap_or_default(),
        ..Index::default()
    }
}
