import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = resolve(fileURLToPath(new URL('../../resources', import.meta.url)));

/** Most bytes of a picture: the help downloads it with each look. */
const limit = 60_000;

/**
 * The smallest part of the page that holds all of the elements (locators), with a margin around them, in pixels.
 * @throws Error where one of them is not visible
 */
export async function clipAround(elements, margin) {
  const boxes = await Promise.all(elements.map((element) => element.boundingBox()));
  const found = boxes.filter((box) => box !== null);
  if (found.length < elements.length) throw new Error('An element of the picture is not visible.');
  const left = Math.min(...found.map(({ x }) => x)) - margin;
  const top = Math.min(...found.map(({ y }) => y)) - margin;
  const right = Math.max(...found.map(({ x, width }) => x + width)) + margin;
  const bottom = Math.max(...found.map(({ y, height }) => y + height)) + margin;
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/**
 * Writes a part of a page to `resources/<name>.png`, from where Node-RED serves it.
 * @throws Error where the picture is larger than the help should carry
 */
export async function savePicture(page, name, clip) {
  const picture = await page.screenshot({ clip, animations: 'disabled', caret: 'hide' });
  if (picture.length > limit) throw new Error(`${name}.png would have ${picture.length} bytes, more than ${limit}.`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.png`), picture);
  console.log(`resources/${name}.png: ${clip.width} x ${clip.height}, ${picture.length} bytes`);
}
