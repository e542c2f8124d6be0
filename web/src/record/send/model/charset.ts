/**
 * Text of a DICOM object. Declared sets are believed; under none or Latin-1 old devices write UTF-8 or GBK all the same,
 * so strict UTF-8 is tried first, then GB18030 when every high byte stands in a pair of GB 2312 hanzi; flagged then.
 */

export interface Decoded {
  readonly text: string;
  readonly guessed: boolean;
}

const LABELS: Readonly<Record<string, string>> = {
  "ISO_IR 192": "utf-8",
  GB18030: "gb18030",
  GBK: "gbk",
  "ISO_IR 58": "gbk",
  "ISO 2022 IR 58": "gbk",
  "ISO_IR 101": "iso-8859-2",
  "ISO_IR 109": "iso-8859-3",
  "ISO_IR 110": "iso-8859-4",
  "ISO_IR 144": "iso-8859-5",
  "ISO_IR 127": "iso-8859-6",
  "ISO_IR 126": "iso-8859-7",
  "ISO_IR 138": "iso-8859-8",
  "ISO_IR 148": "windows-1254",
  "ISO_IR 13": "shift_jis",
  "ISO_IR 166": "windows-874",
  "ISO 2022 IR 13": "shift_jis",
  "ISO 2022 IR 87": "iso-2022-jp",
  "ISO 2022 IR 149": "euc-kr",
  "ISO_IR 149": "euc-kr",
};

function strict(bytes: Uint8Array, label: string): string | null {
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes);
  } catch {
    // Not that set: the next one is tried.
    return null;
  }
}

const isFirst = (byte: number) => byte >= 0xb0 && byte <= 0xf7;
const isSecond = (byte: number) => byte >= 0xa1 && byte <= 0xfe;

/** Every high byte stands in a pair of GB 2312's hanzi rows (B0–F7, A1–FE). */
function looksLikeHanzi(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte < 0x80) continue;
    if (!isFirst(byte) || !isSecond(bytes[at + 1] ?? 0)) return false;
    at += 1;
  }
  return true;
}

function guess(bytes: Uint8Array): Decoded {
  const utf8 = strict(bytes, "utf-8");
  if (utf8 !== null) return { text: utf8, guessed: true };
  const gb = looksLikeHanzi(bytes) ? strict(bytes, "gb18030") : null;
  if (gb !== null) return { text: gb, guessed: true };
  return { text: new TextDecoder("iso-8859-1").decode(bytes), guessed: false };
}

/** The last non-empty value of a multi-valued declaration is the one that names the hanzi. */
function labelOf(declared: string): string | null {
  const named = declared
    .split("\\")
    .map((one) => LABELS[one.trim()])
    .filter((label) => label !== undefined);
  return named.at(-1) ?? null;
}

export function decodeText(bytes: Uint8Array, declared: string): Decoded {
  const end = bytes.findLastIndex((byte) => byte !== 0 && byte !== 0x20) + 1;
  const value = bytes.subarray(0, end);
  if (value.every((byte) => byte < 0x80 && byte !== 0x1b))
    return { text: String.fromCharCode(...value), guessed: false };
  const label = labelOf(declared);
  const believed = label === null ? null : strict(value, label);
  return believed === null ? guess(value) : { text: believed.replaceAll("\u001b$)A", ""), guessed: false };
}
