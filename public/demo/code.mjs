// The code to copy for what was done last.

/** What was done: a method with data, or an event that was heard. */
/** @typedef {{method: string, data: unknown} | {event: string}} Deed */

/** A value as one writes it.
 * @param {unknown} value
 * @returns {string} */
export function written(value) {
  if (typeof value === 'string') return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  if (Array.isArray(value)) return `[${value.map(written).join(', ')}]`;
  if (value && typeof value === 'object') {
    const fields = Object.entries(value).filter(([, one]) => one !== undefined);
    return `{ ${fields.map(([key, one]) => `${/^\w+$/.test(key) ? key : written(key)}: ${written(one)}`).join(', ')} }`;
  }
  return String(value);
}

/** @param {Deed} deed */
function promise(deed) {
  if ('event' in deed) return listening(deed.event);
  const call = `bridge.${deed.method}(${deed.data === undefined ? '' : written(deed.data)})`;
  return `try {\n  const value = await ${call};\n  console.log(value);\n} catch (error) {\n  console.log(error.code, error.message);\n}`;
}

/** @param {Deed} deed */
function callback(deed) {
  if ('event' in deed) return listening(deed.event);
  const data = deed.data === undefined ? '' : `\n  data: ${written(deed.data)},`;
  return `bridge.method({\n  name: ${written(deed.method)},${data}\n  callback: (outcome) => console.log(outcome),\n});`;
}

/** @param {string} event */
function listening(event) {
  return `bridge.on(${written(event)}, (data) => {\n  console.log(data);\n});`;
}

/** @param {Deed} deed @param {string} src @param {string} roomId @param {string} allow */
function page(deed, src, roomId, allow) {
  const inner = ('event' in deed ? listening(deed.event) : callback(deed)).replaceAll('\n', '\n  ');
  const address = src.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
  return `<iframe id="meetframe" style="width: 100%; height: 640px; border: 0"
  src="${address}"
  allow="${allow}"></iframe>
<script src="${new URL('/meetBridgeApi.js', src)}"></script>
<script>
  const bridge = new MeetIframeBridge.default({
    element: document.getElementById('meetframe'),
    roomId: ${written(roomId)},
  });
  ${inner}
</script>`;
}

/** The code of a deed in a style.
 * @param {string} style
 * @param {Deed} deed
 * @param {{src: string, roomId: string, allow: string}} frame */
export function code(style, deed, { src, roomId, allow }) {
  if (style === 'promise') return promise(deed);
  if (style === 'callback') return callback(deed);
  return page(deed, src, roomId, allow);
}
