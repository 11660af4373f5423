// What is wrong with the text of a query, if anything: line (from 1), column, message.
import { Parser } from "sparqljs";

export function fault(text) {
  if (!text.trim()) return null;
  try {
    new Parser({ sparqlStar: true }).parse(text);
    return null;
  } catch (error) {
    const message = String(error.message);
    const prefix = /Unknown prefix: (\S*)/.exec(message);
    if (prefix) return { ...placeOf(text, `${prefix[1]}:`), message: message.split("\n")[0] };
    const line = /line (\d+)/.exec(message);
    const column = error.hash?.loc?.first_column;
    const expected = /Expecting (.*), got/.exec(message);
    const told = expected ? message.split("\n").at(-1).slice(0, 300) : message.split("\n")[0];
    return { line: error.hash?.loc?.first_line ?? Number(line?.[1] ?? 1), column, message: told };
  }
}

function placeOf(text, word) {
  const lines = text.split("\n");
  const line = Math.max(0, lines.findIndex((one) => one.includes(word)));
  return { line: line + 1, column: Math.max(0, lines[line].indexOf(word)) };
}
