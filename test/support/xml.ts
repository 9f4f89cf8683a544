/** As much of an XML reader as a report needs: it throws where a document is not well-formed. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** The text in it, that of its children aside. */
  readonly text: string;
}

interface OpenElement {
  name: string;
  attributes: Record<string, string>;
  children: XmlElement[];
  text: string;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decoded(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what XML 1.0 cannot hold is what this looks for
  if (/[<\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/.test(text))
    throw new Error(`a character that may not stand in text: ${JSON.stringify(text)}`);
  return text.replace(/&([^;]*;?)/g, (whole, name: string) => {
    const character = ENTITIES[name.slice(0, -1)];
    if (character === undefined) throw new Error(`an unknown entity: ${whole}`);
    return character;
  });
}

/** The root of a document. */
export function parseXml(document: string): XmlElement {
  const declaration = /^<\?xml version="1\.0" encoding="UTF-8"\?>\n/.exec(document);
  if (declaration === null) throw new Error('no declaration');
  const top: OpenElement = { name: '', attributes: {}, children: [], text: '' };
  const open: OpenElement[] = [top];
  let at = declaration[0].length;
  for (const tag of document.matchAll(/<(\/?)([\w.-]+)((?:\s+[\w:.-]+="[^"<]*")*)\s*(\/?)>/g)) {
    const current = open.at(-1);
    const [whole, closes, name = '', attributes = '', empty] = tag;
    if (current === undefined) throw new Error(`${name} stands after the end`);
    current.text += decoded(document.slice(at, tag.index));
    at = tag.index + whole.length;
    if (closes === '/') {
      if (current.name !== name || open.length === 1) throw new Error(`</${name}> closes ${current.name}`);
      open.pop();
      continue;
    }
    const element: OpenElement = { name, attributes: {}, children: [], text: '' };
    for (const [, key = '', value = ''] of attributes.matchAll(/([\w:.-]+)="([^"]*)"/g)) {
      if (key in element.attributes) throw new Error(`${key} stands twice`);
      element.attributes[key] = decoded(value);
    }
    current.children.push(element);
    if (empty !== '/') open.push(element);
  }
  if (document.slice(at).trim() !== '') throw new Error('text after the end');
  const [root] = top.children;
  if (open.length !== 1 || top.children.length !== 1 || root === undefined) throw new Error('not one root');
  return root;
}
