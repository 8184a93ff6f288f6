/** The reference of the API as one page without scripts and without anything from elsewhere: it works in a closed network. */
type Fields = Readonly<Record<string, unknown>>;
const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null ? (value as Fields) : {};
const escapeHtml = (value: unknown) =>
  (typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value))
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
/** The little of Markdown that descriptions use. */
const prose = (text: unknown) =>
  escapeHtml(text)
    .replaceAll(/`([^`]+)`/g, '<code>$1</code>')
    .replaceAll('\n\n', '<br>');

const referenced = (schema: Fields) =>
  typeof schema['$ref'] === 'string' ? String(schema['$ref']).split('/').at(-1) : undefined;

function typeOf(value: unknown): string {
  const schema = fieldsOf(value);
  const name = referenced(schema);
  if (name !== undefined) return `<a href="#schema-${escapeHtml(name)}">${escapeHtml(name)}</a>`;
  const union = schema['anyOf'] ?? schema['oneOf'] ?? schema['allOf'];
  if (Array.isArray(union)) return union.map(typeOf).join(' | ');
  if (Array.isArray(schema['enum']))
    return schema['enum'].map((e) => `<code>${escapeHtml(e)}</code>`).join(' | ');
  const type = schema['type'];
  if (type === 'array') return `array of ${typeOf(schema['items'])}`;
  if (Array.isArray(type)) return type.map(escapeHtml).join(' | ');
  const format = schema['format'] === undefined ? '' : ` (${escapeHtml(schema['format'])})`;
  return type === undefined ? 'any' : `${escapeHtml(type)}${format}`;
}

function properties(schema: Fields): string {
  const required = new Set(Array.isArray(schema['required']) ? schema['required'] : []);
  const rows = Object.entries(fieldsOf(schema['properties'])).map(([name, property]) => {
    const fields = fieldsOf(property);
    const example =
      fields['example'] === undefined
        ? ''
        : ` <span class="example">e.g. ${escapeHtml(typeof fields['example'] === 'object' ? JSON.stringify(fields['example']) : fields['example'])}</span>`;
    return `<tr><td><code>${escapeHtml(name)}</code>${required.has(name) ? ' <b title="required">*</b>' : ''}</td><td>${typeOf(property)}</td><td>${prose(fields['description'])}${example}</td></tr>`;
  });
  return rows.length === 0
    ? ''
    : `<table><thead><tr><th scope="col">Field</th><th scope="col">Type</th><th scope="col">Meaning</th></tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

function parameters(operation: Fields): string {
  const list = Array.isArray(operation['parameters']) ? operation['parameters'].map(fieldsOf) : [];
  if (list.length === 0) return '';
  const rows = list.map(
    (p) =>
      `<tr><td><code>${escapeHtml(p['name'])}</code>${p['required'] === true ? ' <b title="required">*</b>' : ''}</td><td>${escapeHtml(p['in'])}</td><td>${typeOf(p['schema'])}</td><td>${prose(p['description'] ?? fieldsOf(p['schema'])['description'])}</td></tr>`,
  );
  return `<h4>Parameters</h4><table><thead><tr><th scope="col">Name</th><th scope="col">In</th><th scope="col">Type</th><th scope="col">Meaning</th></tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

function contentType(holder: unknown): string {
  const content = Object.entries(fieldsOf(fieldsOf(holder)['content']));
  return content
    .map(
      ([media, body]) =>
        `${typeOf(fieldsOf(body)['schema'])} <span class="media">${escapeHtml(media)}</span>`,
    )
    .join(', ');
}

function operationSection(path: string, method: string, value: unknown): string {
  const operation = fieldsOf(value);
  const body =
    operation['requestBody'] === undefined
      ? ''
      : `<h4>Body</h4><p>${contentType(operation['requestBody'])}</p>`;
  const replies = Object.entries(fieldsOf(operation['responses'])).map(
    ([status, reply]) =>
      `<tr><td><code>${escapeHtml(status)}</code></td><td>${prose(fieldsOf(reply)['description'])}</td><td>${contentType(reply)}</td></tr>`,
  );
  return `<section id="${escapeHtml(anchor(method, path))}"><h3><span class="method ${escapeHtml(method)}">${escapeHtml(method.toUpperCase())}</span> <code>${escapeHtml(path)}</code></h3>
<p><b>${escapeHtml(operation['summary'])}</b></p><p>${prose(operation['description'])}</p>${parameters(operation)}${body}
<h4>Answers</h4><table><thead><tr><th scope="col">Status</th><th scope="col">When</th><th scope="col">Body</th></tr></thead><tbody>${replies.join('')}</tbody></table></section>`;
}

const anchor = (method: string, path: string) => `${method}${path.replaceAll(/[^A-Za-z0-9]+/g, '-')}`;

const style = `:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;margin:0;display:grid;grid-template-columns:20rem 1fr}
nav{position:sticky;top:0;height:100vh;overflow:auto;padding:1.5rem;box-sizing:border-box;border-right:1px solid #8884;font-size:.875rem}
nav a{display:block;padding:.15rem 0;text-decoration:none}nav h2{font-size:.8rem;text-transform:uppercase;letter-spacing:.05em;margin:1.25rem 0 .25rem}
main{padding:1.5rem 2.5rem;max-width:62rem;min-width:0}section{padding:1rem 0 2rem;border-bottom:1px solid #8884}
table{border-collapse:collapse;width:100%;font-size:.9rem}th,td{text-align:left;vertical-align:top;padding:.35rem .75rem .35rem 0;border-bottom:1px solid #8883}
code{font:.9em ui-monospace,monospace}.method{font:600 .75rem system-ui;padding:.15rem .5rem;border-radius:.25rem;color:#fff;background:#0b5394}.method.post{background:#1b6b3a}.method.delete{background:#9b1c1c}
.media,.example{opacity:.75;font-size:.85em}a{color:#0b5394}@media(prefers-color-scheme:dark){a{color:#8ab8ff}}@media(max-width:60rem){body{display:block}nav{position:static;height:auto}}`;

export function docsPage(description: object): string {
  const document = fieldsOf(description);
  const info = fieldsOf(document['info']);
  const operations = Object.entries(fieldsOf(document['paths'])).flatMap(([path, methods]) =>
    Object.entries(fieldsOf(methods)).map(([method, operation]) => ({
      path,
      method,
      operation: fieldsOf(operation),
    })),
  );
  const tagOf = (operation: Fields) =>
    String((Array.isArray(operation['tags']) ? operation['tags'] : [])[0] ?? '');
  const tags = [...new Set(operations.map(({ operation }) => tagOf(operation)))];
  const schemas = Object.entries(fieldsOf(fieldsOf(document['components'])['schemas']));
  const nav = tags.map((tag) => {
    const links = operations
      .filter(({ operation }) => tagOf(operation) === tag)
      .map(
        ({ path, method, operation }) =>
          `<a href="#${anchor(method, path)}">${escapeHtml(operation['summary'])}</a>`,
      );
    return `<h2>${escapeHtml(tag)}</h2>${links.join('')}`;
  });
  const sections = tags.map(
    (tag) =>
      `<h2>${escapeHtml(tag)}</h2>${operations
        .filter(({ operation }) => tagOf(operation) === tag)
        .map(({ path, method, operation }) => operationSection(path, method, operation))
        .join('')}`,
  );
  const shapes = schemas.map(
    ([name, schema]) =>
      `<section id="schema-${escapeHtml(name)}"><h3>${escapeHtml(name)}</h3><p>${prose(fieldsOf(schema)['description'])}</p>${properties(fieldsOf(schema)) || `<p>${typeOf(schema)}</p>`}</section>`,
  );
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${escapeHtml(info['title'])} API</title><style>${style}</style></head>
<body><nav aria-label="Contents"><a href="/">Portal</a><a href="/api/openapi.json">openapi.json</a>${nav.join('')}<h2>Shapes</h2>${schemas.map(([name]) => `<a href="#schema-${escapeHtml(name)}">${escapeHtml(name)}</a>`).join('')}</nav>
<main><h1>${escapeHtml(info['title'])} API</h1><p>${prose(info['description'])}</p><p>Send <code>Authorization: Bearer &lt;key&gt;</code> with every call.</p>${sections.join('')}<h2>Shapes</h2>${shapes.join('')}</main></body></html>`;
}
