// Messages of several lines, which the server tells line by line, each with the id of the message. This module is pure.

const isLineOf = (last, next) => Boolean(next?.id) && last?.id === next.id && last.name === next.name && last.kind === next.kind;

// whole puts the lines of each message together, of the answers to RECENT, HISTORY, SEARCH or EXPORT.
export function whole(answers) {
  const all = [];
  for (const event of answers) {
    const last = all.at(-1);
    if (isLineOf(last?.message, event.message)) last.message = { ...last.message, text: `${last.message.text}\n${event.message.text}` };
    else all.push({ ...event });
  }
  return all;
}
