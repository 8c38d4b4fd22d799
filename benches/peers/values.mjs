// Items as JSON: plain or as DynamoDB has them, sets as arrays.
import { unmarshall } from "@aws-sdk/util-dynamodb";

function replacer(_, value) {
  if (value instanceof Set) return [...value];
  // Beyond the integers that a double holds, unmarshall gives these.
  if (typeof value === "bigint") return value.toString();
  return value;
}

export const text = (answer) => JSON.stringify(answer, replacer);
export const plain = (items) => items.map((item) => unmarshall(item));
