// getItem in the usual way with AWS's SDK.
import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { serve } from "./runtime.mjs";
import { text } from "./values.mjs";

const client = new DynamoDBClient({});

serve(async (event) => {
  const { $metadata, Item, ConsumedCapacity } = await client.send(
    new GetItemCommand({ TableName: event.tableName, Key: marshall(event.key), ReturnConsumedCapacity: "TOTAL" }),
  );
  const result = { $metadata, ConsumedCapacity, ...(Item && { Item: unmarshall(Item) }) };
  return text({ data: { result, found: Item !== undefined } });
});
