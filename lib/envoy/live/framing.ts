/** What is left of a stream between two chunks. A value: `framed` returns a new one. */
export interface Framing {
  /** The line that has begun. */
  readonly rest: Buffer;
  /** True while the rest of a line that is too long goes by. */
  readonly overlong: boolean;
}

/** A stream of which nothing has come. */
export const noFraming: Framing = { rest: Buffer.alloc(0), overlong: false };

/** What a chunk completed. */
export interface Framed {
  readonly framing: Framing;
  /** The JSON of the messages, oldest first. */
  readonly messages: readonly unknown[];
  /** Lines that were no messages. */
  readonly skipped: number;
}

/** Longest line in bytes; real ones have about 1000. */
export const longestLine = 64 * 1024;
const lineFeed = 0x0a;

/** A line of an event stream: its message, `nothing` where it carries none, `garbage` where it should not be there. */
function interpretLine(line: string): { readonly message: unknown } | 'nothing' | 'garbage' {
  const text = line.trim();
  // Comments and the other fields of event streams are in order, they just say nothing.
  if (text === '' || text.startsWith(':') || /^(event|id|retry):/.test(text)) return 'nothing';
  if (!text.startsWith('data:')) return 'garbage';
  try {
    return { message: JSON.parse(text.slice('data:'.length)) as unknown };
  } catch {
    return 'garbage';
  }
}

function collect(lines: readonly string[]): Pick<Framed, 'messages' | 'skipped'> {
  const found = lines.map(interpretLine);
  return {
    messages: found.filter((each) => typeof each === 'object').map(({ message }) => message),
    skipped: found.filter((each) => each === 'garbage').length,
  };
}

/**
 * Takes up a chunk of `/stream/meter`, wherever it was cut: each message is one line `data: {json}` (spec/envoy 7.1).
 * Lines that are none are counted and skipped, and so are lines longer than `longestLine`.
 */
export function framed(framing: Framing, chunk: Uint8Array): Framed {
  const bytes = Buffer.concat([framing.rest, chunk]);
  const lines: string[] = [];
  let { overlong } = framing;
  let dropped = 0;
  let start = 0;
  for (let end = bytes.indexOf(lineFeed); end >= 0; end = bytes.indexOf(lineFeed, start)) {
    if (overlong || end - start > longestLine) dropped++;
    else lines.push(bytes.toString('utf8', start, end));
    overlong = false;
    start = end + 1;
  }
  overlong ||= bytes.length - start > longestLine;
  const rest = overlong ? noFraming.rest : Buffer.from(bytes.subarray(start));
  const { messages, skipped } = collect(lines);
  return { framing: { rest, overlong }, messages, skipped: skipped + dropped };
}
