//! The structures that describe a new table. They use AWS's member names and convert to the SDK's types.

use aws_sdk_dynamodb::{
    error::BuildError,
    types::{
        self as sdk, GlobalSecondaryIndex, KeySchemaElement, KeyType, LocalSecondaryIndex, OnDemandThroughput,
        Projection, ProvisionedThroughput, SseSpecification, StreamSpecification, Tag, WarmThroughput,
    },
};

use crate::{
    error::Error,
    input::{Collection, FromJson, Ignored, List, Shape, Verbatim, Whole, from_text, is_empty_structure},
    inputs,
    json::Json,
    path::Path,
    words,
};

/// Provisioned units. `describeTable` returns 0 for a table that is not provisioned.
pub(super) type Units = Whole<0, { i64::MAX }>;

/// The maximum units on demand. DynamoDB writes -1 if there is no maximum.
pub(super) type MostUnits = Whole<-1, { i64::MAX }>;

/// The capacity units that a table gets if the event gives none.
const DEFAULT_UNITS: i64 = 5;

inputs! {
    /// The table's own capacity.
    pub(super) struct Capacity {
        /// The provisioned read capacity units, at least 1. With `PAY_PER_REQUEST` they are not sent, and 0 is
        /// accepted.
        read: Option<Units> = ["readCapacityUnits"] { default: 5 },
        /// The provisioned write capacity units, at least 1. With `PAY_PER_REQUEST` they are not sent, and 0 is
        /// accepted.
        write: Option<Units> = ["writeCapacityUnits"] { default: 5 },
    }
}

inputs! {
    /// An attribute that is part of a key.
    pub(super) struct AttributeDefinition {
        pub(super) name: String = ["AttributeName", "attributeName"],
        pub(super) r#type: ScalarType = ["AttributeType", "attributeType"],
    }
}

inputs! {
    /// One part of a key.
    pub(super) struct KeyElement {
        pub(super) name: String = ["AttributeName", "attributeName"],
        pub(super) r#type: KeyPart = ["KeyType", "keyType"],
    }
}

inputs! {
    /// A global secondary index. Without a throughput of its own, it gets the table's.
    pub(super) struct GlobalIndex {
        pub(super) name: String = ["IndexName"],
        pub(super) key_schema: Vec<KeyElement> = ["KeySchema"],
        pub(super) projection: ProjectionInput = ["Projection"],
        pub(super) provisioned_throughput: Option<ThroughputInput> = ["ProvisionedThroughput"],
        pub(super) on_demand_throughput: Option<OnDemand> = ["OnDemandThroughput"],
        pub(super) warm_throughput: Option<Warm> = ["WarmThroughput"],
        #[expect(dead_code, reason = "read so that the names are known, and ignored")]
        described: DescribedGlobalIndex = group,
    }
}

inputs! {
    /// Other members that `describeTable` returns for an index. They are ignored, so that a description can be used as
    /// input.
    #[expect(dead_code, reason = "read so that the names are known, and ignored")]
    struct DescribedIndex {
        arn: Option<Ignored> = ["IndexArn"],
        bytes: Option<Ignored> = ["IndexSizeBytes"],
        items: Option<Ignored> = ["ItemCount"],
    }
}

inputs! {
    /// Other members that `describeTable` returns for a global index.
    #[expect(dead_code, reason = "read so that the names are known, and ignored")]
    pub(super) struct DescribedGlobalIndex {
        status: Option<Ignored> = ["IndexStatus"],
        backfilling: Option<Ignored> = ["Backfilling"],
        any: DescribedIndex = group,
    }
}

inputs! {
    /// A local secondary index.
    pub(super) struct LocalIndex {
        name: String = ["IndexName"],
        key_schema: Vec<KeyElement> = ["KeySchema"],
        projection: ProjectionInput = ["Projection"],
        #[expect(dead_code, reason = "read so that the names are known, and ignored")]
        described: DescribedIndex = group,
    }
}

inputs! {
    /// The attributes that an index holds besides its keys.
    pub(super) struct ProjectionInput {
        pub(super) r#type: Option<ProjectionType> = ["ProjectionType"],
        pub(super) non_key_attributes: Option<List<String>> = ["NonKeyAttributes"],
    }
}

inputs! {
    /// Provisioned throughput.
    pub(super) struct ThroughputInput {
        pub(super) read: Units = ["ReadCapacityUnits"],
        pub(super) write: Units = ["WriteCapacityUnits"],
        #[expect(dead_code, reason = "read so that the names are known, and ignored")]
        described: DescribedThroughput = group,
    }
}

inputs! {
    /// Other members that `describeTable` returns for a throughput.
    #[expect(dead_code, reason = "read so that the names are known, and ignored")]
    struct DescribedThroughput {
        increased: Option<Ignored> = ["LastIncreaseDateTime"],
        decreased: Option<Ignored> = ["LastDecreaseDateTime"],
        decreases: Option<Ignored> = ["NumberOfDecreasesToday"],
    }
}

inputs! {
    /// The maximum on-demand throughput.
    pub(super) struct OnDemand {
        pub(super) read: Option<MostUnits> = ["MaxReadRequestUnits"],
        pub(super) write: Option<MostUnits> = ["MaxWriteRequestUnits"],
    }
}

inputs! {
    /// The throughput that can be served immediately.
    pub(super) struct Warm {
        pub(super) read: Option<Units> = ["ReadUnitsPerSecond"],
        pub(super) write: Option<Units> = ["WriteUnitsPerSecond"],
        #[expect(dead_code, reason = "read so that the name is known, and ignored")]
        status: Option<Ignored> = ["Status"],
    }
}

inputs! {
    /// The table's stream.
    pub(super) struct Stream {
        pub(super) enabled: bool = ["StreamEnabled"],
        pub(super) view: Option<StreamView> = ["StreamViewType"],
    }
}

inputs! {
    /// The table's encryption at rest.
    pub(super) struct Sse {
        pub(super) enabled: Option<bool> = ["Enabled"],
        pub(super) r#type: Option<SseKind> = ["SSEType"],
        pub(super) key: Option<String> = ["KMSMasterKeyId"],
    }
}

/// Declares a closed set of words. The SDK has an enum with the same words.
macro_rules! sdk_words {
    ($(#[$attribute:meta])* $visibility:vis enum $name:ident = $sdk:ident { $($variant:ident = $word:literal),+ $(,)? }) => {
        words! { $(#[$attribute])* $visibility enum $name { $(#[doc = concat!("`", $word, "`")] $variant = $word),+ } }

        impl From<$name> for sdk::$sdk {
            fn from(word: $name) -> Self {
                Self::from(word.as_str())
            }
        }
    };
}

sdk_words! {
    /// How AWS bills the table's capacity.
    pub(super) enum BillingMode = BillingMode { Provisioned = "PROVISIONED", PayPerRequest = "PAY_PER_REQUEST" }
}
sdk_words! {
    /// The types that a key attribute can have.
    pub(super) enum ScalarType = ScalarAttributeType { S = "S", N = "N", B = "B" }
}
sdk_words! {
    /// The two parts of a key.
    pub(super) enum KeyPart = KeyType { Hash = "HASH", Range = "RANGE" }
}
sdk_words! {
    /// The attributes that an index holds.
    pub(super) enum ProjectionType = ProjectionType { All = "ALL", KeysOnly = "KEYS_ONLY", Include = "INCLUDE" }
}
sdk_words! {
    /// The content of a stream's records.
    pub(super) enum StreamView = StreamViewType {
        KeysOnly = "KEYS_ONLY", NewImage = "NEW_IMAGE", OldImage = "OLD_IMAGE", NewAndOldImages = "NEW_AND_OLD_IMAGES",
    }
}
sdk_words! {
    /// The owner of the key that encrypts the table.
    pub(super) enum SseKind = SseType { Aes256 = "AES256", Kms = "KMS" }
}
sdk_words! {
    /// The storage class of the table.
    pub(super) enum TableClass = TableClass {
        Standard = "STANDARD", StandardInfrequentAccess = "STANDARD_INFREQUENT_ACCESS",
    }
}

/// The builder cannot fail: every member that the SDK requires is required here, too.
pub(super) fn built<T>(result: Result<T, BuildError>) -> Result<T, Error> {
    result.map_err(|error| Error::Internal(error.to_string()))
}

impl Capacity {
    pub(super) fn throughput(&self) -> Result<ProvisionedThroughput, Error> {
        let units = |given: Option<Units>, input| match given.map(Units::get) {
            None => Ok(DEFAULT_UNITS),
            Some(units) => provisioned(units, &Path::Input(input)),
        };
        throughput(units(self.read, "readCapacityUnits")?, units(self.write, "writeCapacityUnits")?)
    }
}

/// Units that can be provisioned.
pub(super) fn provisioned(units: i64, path: &Path<'_>) -> Result<i64, Error> {
    if units > 0 {
        return Ok(units);
    }
    Err(Error::invalid(path, &Json::Number(units.to_string()), ZERO_RULE))
}

/// The rule for a provisioned throughput, as an error shows it.
const ZERO_RULE: &str = "a whole number from 1; with `billingMode` `PAY_PER_REQUEST`, 0 is accepted and not sent";

pub(super) fn throughput(read: i64, write: i64) -> Result<ProvisionedThroughput, Error> {
    built(ProvisionedThroughput::builder().read_capacity_units(read).write_capacity_units(write).build())
}

impl ThroughputInput {
    /// `path` is the path of this input.
    pub(super) fn build(&self, path: &Path<'_>) -> Result<ProvisionedThroughput, Error> {
        let read = provisioned(self.read.get(), &path.member("ReadCapacityUnits"))?;
        let write = provisioned(self.write.get(), &path.member("WriteCapacityUnits"))?;
        throughput(read, write)
    }
}

impl OnDemand {
    pub(super) fn build(self) -> OnDemandThroughput {
        OnDemandThroughput::builder()
            .set_max_read_request_units(self.read.map(MostUnits::get))
            .set_max_write_request_units(self.write.map(MostUnits::get))
            .build()
    }
}

impl Warm {
    pub(super) fn build(self) -> WarmThroughput {
        WarmThroughput::builder()
            .set_read_units_per_second(self.read.map(Units::get))
            .set_write_units_per_second(self.write.map(Units::get))
            .build()
    }
}

impl AttributeDefinition {
    pub(super) fn build(self) -> Result<sdk::AttributeDefinition, Error> {
        let definition = sdk::AttributeDefinition::builder().attribute_name(self.name);
        built(definition.attribute_type(self.r#type.into()).build())
    }
}

impl KeyElement {
    pub(super) fn build(self) -> Result<KeySchemaElement, Error> {
        built(KeySchemaElement::builder().attribute_name(self.name).key_type(KeyType::from(self.r#type)).build())
    }
}

pub(super) fn key_schema(elements: Vec<KeyElement>) -> Result<Option<Vec<KeySchemaElement>>, Error> {
    elements.into_iter().map(KeyElement::build).collect::<Result<_, _>>().map(Some)
}

impl GlobalIndex {
    /// `path` is the path of this input. `table` is the table's throughput. It is `None` if throughputs are not
    /// provisioned.
    pub(super) fn build(
        self,
        path: &Path<'_>,
        table: Option<&ProvisionedThroughput>,
    ) -> Result<GlobalSecondaryIndex, Error> {
        let provisioned = match (table, &self.provisioned_throughput) {
            (None, _) => None,
            (Some(table), None) => Some(table.clone()),
            (Some(_), Some(own)) => Some(own.build(&path.member("ProvisionedThroughput"))?),
        };
        built(
            GlobalSecondaryIndex::builder()
                .index_name(self.name)
                .set_key_schema(key_schema(self.key_schema)?)
                .projection(self.projection.build())
                .set_provisioned_throughput(provisioned)
                .set_on_demand_throughput(self.on_demand_throughput.map(OnDemand::build))
                .set_warm_throughput(self.warm_throughput.map(Warm::build))
                .build(),
        )
    }
}

impl LocalIndex {
    pub(super) fn build(self) -> Result<LocalSecondaryIndex, Error> {
        built(
            LocalSecondaryIndex::builder()
                .index_name(self.name)
                .set_key_schema(key_schema(self.key_schema)?)
                .projection(self.projection.build())
                .build(),
        )
    }
}

impl ProjectionInput {
    pub(super) fn build(self) -> Projection {
        Projection::builder()
            .set_projection_type(self.r#type.map(Into::into))
            .set_non_key_attributes(self.non_key_attributes.map(|List(names)| names))
            .build()
    }
}

impl Stream {
    pub(super) fn build(self) -> Result<StreamSpecification, Error> {
        built(
            StreamSpecification::builder()
                .stream_enabled(self.enabled)
                .set_stream_view_type(self.view.map(Into::into))
                .build(),
        )
    }
}

impl Sse {
    pub(super) fn build(self) -> SseSpecification {
        SseSpecification::builder()
            .set_enabled(self.enabled)
            .set_sse_type(self.r#type.map(Into::into))
            .set_kms_master_key_id(self.key)
            .build()
    }
}

/// Tags: an object, AWS's list `[{"Key", "Value"}]`, or a list `[{"key", "value"}]`. A value may be empty.
#[derive(Debug)]
pub(super) struct Tags(pub(super) Vec<(String, String)>);

inputs! {
    struct AwsTag {
        key: Verbatim = ["Key"],
        value: Option<Verbatim> = ["Value"],
    }
}

impl FromJson for Tags {
    fn shape() -> Shape {
        Shape::OneOf(vec![Collection::<Verbatim>::shape(), Vec::<AwsTag>::shape()])
    }

    fn is_empty(json: &Json) -> bool {
        is_empty_structure(json)
    }

    fn from_json(json: Json, path: &Path<'_>) -> Result<Self, Error> {
        let json = from_text(json, path)?;
        let as_aws = matches!(&json, Json::Array(tags) if tags.iter().any(|tag| {
            matches!(tag, Json::Object(members) if members.iter().any(|(name, _)| name == "Key"))
        }));
        let tags = if as_aws {
            let tags = Vec::<AwsTag>::from_json(json, path)?;
            tags.into_iter()
                .map(|tag| (tag.key.0, tag.value.map_or_else(String::new, |Verbatim(value)| value)))
                .collect()
        } else {
            let Collection(tags) = Collection::<Verbatim>::from_json(json, path)?;
            tags.into_iter().map(|(key, Verbatim(value))| (key, value)).collect()
        };
        Ok(Self(tags))
    }
}

impl Tags {
    pub(super) fn build(self) -> Result<Vec<Tag>, Error> {
        self.0.into_iter().map(|(key, value)| built(Tag::builder().key(key).value(value).build())).collect()
    }
}
