//! A change as a request of the SDK.

use aws_sdk_dynamodb::{
    operation::update_table::builders::UpdateTableFluentBuilder,
    types::{
        AttributeDefinition, BillingMode, CreateGlobalSecondaryIndexAction, DeleteGlobalSecondaryIndexAction,
        GlobalSecondaryIndexUpdate, KeySchemaElement, OnDemandThroughput, PointInTimeRecoverySpecification,
        ProvisionedThroughput, SseSpecification, StreamSpecification, Tag, TimeToLiveSpecification,
        UpdateGlobalSecondaryIndexAction, WarmThroughput,
    },
};

use super::{
    description::{Attribute, Index, KeyElement, OnDemand, Throughput, Warm},
    plan::Kind,
};
use crate::{
    actions::table_settings::{built, throughput},
    dynamodb::{Calls, Reply},
    error::Error,
};

/// Sends the request of a change to the table with this name or ARN. `arn` is the table's ARN. The reply's body is a
/// table's description if the request is an `UpdateTable`.
///
/// # Errors
/// As [`Calls::send`].
pub(super) async fn send(calls: &Calls, table: &str, arn: &str, change: &Kind) -> Result<Reply, Error> {
    let dynamodb = calls.dynamodb();
    match change {
        Kind::Untag(keys) => {
            calls.send(dynamodb.untag_resource().resource_arn(arn).set_tag_keys(Some(keys.clone()))).await
        }
        Kind::Tag(tags) => {
            let tags = tags.iter().map(|(key, value)| built(Tag::builder().key(key).value(value).build()));
            let tags = tags.collect::<Result<Vec<_>, _>>()?;
            calls.send(dynamodb.tag_resource().resource_arn(arn).set_tags(Some(tags))).await
        }
        Kind::Recovery { enabled, days } => {
            let specification = PointInTimeRecoverySpecification::builder()
                .point_in_time_recovery_enabled(*enabled)
                .set_recovery_period_in_days(days.and_then(|days| i32::try_from(days).ok()));
            let request = dynamodb.update_continuous_backups().table_name(table);
            calls.send(request.point_in_time_recovery_specification(built(specification.build())?)).await
        }
        Kind::TimeToLive { attribute, enabled } => {
            let specification = TimeToLiveSpecification::builder().attribute_name(attribute).enabled(*enabled);
            let request = dynamodb.update_time_to_live().table_name(table);
            calls.send(request.time_to_live_specification(built(specification.build())?)).await
        }
        change => calls.send(update_table(dynamodb.update_table().table_name(table), change)?).await,
    }
}

fn update_table(request: UpdateTableFluentBuilder, change: &Kind) -> Result<UpdateTableFluentBuilder, Error> {
    Ok(match change {
        Kind::DeletionProtection(enabled) => request.deletion_protection_enabled(*enabled),
        Kind::DeleteIndex(name) => {
            let delete = built(DeleteGlobalSecondaryIndexAction::builder().index_name(name).build())?;
            request.global_secondary_index_updates(GlobalSecondaryIndexUpdate::builder().delete(delete).build())
        }
        Kind::PayPerRequest => request.billing_mode(BillingMode::PayPerRequest),
        Kind::Provisioned { changes_mode, table, indexes } => {
            let mode = changes_mode.then_some(BillingMode::Provisioned);
            let table = table.map(provisioned).transpose()?;
            let mut request = request.set_billing_mode(mode).set_provisioned_throughput(table);
            for (name, throughput) in indexes {
                let throughput = provisioned(*throughput)?;
                request = update_index(request, name, |index| index.provisioned_throughput(throughput))?;
            }
            request
        }
        Kind::OnDemand { table, indexes } => {
            let mut request = request.set_on_demand_throughput(table.map(on_demand));
            for (name, maximum) in indexes {
                request = update_index(request, name, |index| index.on_demand_throughput(on_demand(*maximum)))?;
            }
            request
        }
        Kind::Warm(units) => request.warm_throughput(warm(*units)),
        Kind::WarmIndex(name, units) => update_index(request, name, |index| index.warm_throughput(warm(*units)))?,
        Kind::StreamOff => {
            request.stream_specification(built(StreamSpecification::builder().stream_enabled(false).build())?)
        }
        Kind::Stream(view) => {
            let specification = StreamSpecification::builder().stream_enabled(true).stream_view_type((*view).into());
            request.stream_specification(built(specification.build())?)
        }
        Kind::Sse { enabled, kind, key } => request.sse_specification(
            SseSpecification::builder()
                .enabled(*enabled)
                .set_sse_type(kind.map(Into::into))
                .set_kms_master_key_id(key.clone())
                .build(),
        ),
        Kind::TableClass(class) => request.table_class((*class).into()),
        Kind::CreateIndex { index, attributes } => {
            let create = GlobalSecondaryIndexUpdate::builder().create(create_index(index)?).build();
            let definitions = attributes.iter().map(definition).collect::<Result<_, _>>()?;
            request.set_attribute_definitions(Some(definitions)).global_secondary_index_updates(create)
        }
        Kind::Untag(_) | Kind::Tag(_) | Kind::Recovery { .. } | Kind::TimeToLive { .. } => {
            return Err(Error::Internal(format!("no change of UpdateTable: {change:?}")));
        }
    })
}

fn update_index(
    request: UpdateTableFluentBuilder,
    name: &str,
    change: impl FnOnce(
        aws_sdk_dynamodb::types::builders::UpdateGlobalSecondaryIndexActionBuilder,
    ) -> aws_sdk_dynamodb::types::builders::UpdateGlobalSecondaryIndexActionBuilder,
) -> Result<UpdateTableFluentBuilder, Error> {
    let action = built(change(UpdateGlobalSecondaryIndexAction::builder().index_name(name)).build())?;
    Ok(request.global_secondary_index_updates(GlobalSecondaryIndexUpdate::builder().update(action).build()))
}

fn create_index(index: &Index) -> Result<CreateGlobalSecondaryIndexAction, Error> {
    let key = |KeyElement { attribute_name, key_type }: &KeyElement| {
        built(KeySchemaElement::builder().attribute_name(attribute_name).key_type(key_type.as_str().into()).build())
    };
    let projection = aws_sdk_dynamodb::types::Projection::builder()
        .set_projection_type(index.projection.projection_type.as_deref().map(Into::into))
        .set_non_key_attributes(
            Some(index.projection.non_key_attributes.clone()).filter(|attributes| !attributes.is_empty()),
        )
        .build();
    let provisioned_throughput =
        Some(index.provisioned_throughput).filter(|of| *of != Throughput::default()).map(provisioned).transpose()?;
    let maximum = Some(index.on_demand_throughput).filter(|of| *of != OnDemand::default());
    let warmed = Some(index.warm_throughput).filter(|of| *of != Warm::default());
    built(
        CreateGlobalSecondaryIndexAction::builder()
            .index_name(&index.name)
            .set_key_schema(Some(index.key_schema.iter().map(key).collect::<Result<_, _>>()?))
            .projection(projection)
            .set_provisioned_throughput(provisioned_throughput)
            .set_on_demand_throughput(maximum.map(on_demand))
            .set_warm_throughput(warmed.map(warm))
            .build(),
    )
}

fn definition(Attribute { attribute_name, attribute_type }: &Attribute) -> Result<AttributeDefinition, Error> {
    let definition = AttributeDefinition::builder().attribute_name(attribute_name);
    built(definition.attribute_type(attribute_type.as_str().into()).build())
}

fn provisioned(units: Throughput) -> Result<ProvisionedThroughput, Error> {
    throughput(units.read_capacity_units, units.write_capacity_units)
}

fn on_demand(maximum: OnDemand) -> OnDemandThroughput {
    OnDemandThroughput::builder()
        .set_max_read_request_units(maximum.max_read_request_units)
        .set_max_write_request_units(maximum.max_write_request_units)
        .build()
}

fn warm(units: Warm) -> WarmThroughput {
    WarmThroughput::builder()
        .set_read_units_per_second(units.read_units_per_second)
        .set_write_units_per_second(units.write_units_per_second)
        .build()
}
