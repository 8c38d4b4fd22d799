// Items as JSON: plain or in DynamoDB's format, with sets as arrays.
import { unmarshall } from "@aws-sdk/util-dynamodb";

function replacer(_, value) {
  if (value instanceof Set) return [...value];
  // unmarshall returns a bigint for an integer that a double cannot hold.
  if (typeof value === "bigint") return value.toString();
  return value;
}

export const text = (answer) => JSON.stringify(answer, replacer);
export const plain = (items) => items.map((item) => unmarshall(item));
