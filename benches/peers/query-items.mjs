// queryItems with one page, in the usual way with AWS's SDK.
import { DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { serve } from "./runtime.mjs";
import { plain, text } from "./values.mjs";

const client = new DynamoDBClient({});

serve(async (event) => {
  const { $metadata, Items, ...rest } = await client.send(
    new QueryCommand({
      TableName: event.tableName,
      KeyConditionExpression: event.keyConditionExpression,
      ExpressionAttributeValues: marshall(event.expressionAttributeValues),
      ReturnConsumedCapacity: "TOTAL",
    }),
  );
  return text({ data: { $metadata, Items: event.outputFormat === "typed" ? Items : plain(Items), ...rest } });
});
