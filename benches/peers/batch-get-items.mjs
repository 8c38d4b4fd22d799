// Reads items in the usual way with AWS's SDK: BatchGetCommand in a loop, 100 keys a call.
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { BatchGetCommand, DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { serve } from "./runtime.mjs";
import { text } from "./values.mjs";

const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));

serve(async ({ tableName, keys }) => {
  const items = [];
  for (let at = 0; at < keys.length; at += 100) {
    let requests = { [tableName]: { Keys: keys.slice(at, at + 100).map((customerId) => ({ customerId })) } };
    while (requests && Object.keys(requests).length > 0) {
      const { Responses, UnprocessedKeys } = await client.send(new BatchGetCommand({ RequestItems: requests }));
      items.push(...(Responses[tableName] ?? []));
      requests = UnprocessedKeys;
    }
  }
  return text({ data: { Items: items } });
});
