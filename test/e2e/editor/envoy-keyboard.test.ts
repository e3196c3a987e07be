import { strict as assert } from 'node:assert';
import { Editor } from './editor.js';
import { emptyFlow, nowhere } from './flows.js';
import { account, startEditorWorld, type EditorWorld } from './gateway-world.js';

/** Where an element with the focus is, and what shows that it has it. */
interface Focus {
  readonly id: string;
  readonly top: number;
  readonly left: number;
  readonly ring: string;
}

/** The element with the focus, where it belongs to a dialog of this package. Runs in the page. */
function focusInForm(): Focus | undefined {
  const element = document.activeElement;
  const form = element?.closest('.energy-nodes-form');
  if (!element || !form) return undefined;
  const { top, left } = element.getBoundingClientRect();
  const { outlineStyle, outlineWidth, borderColor, boxShadow } = getComputedStyle(element);
  const ring = `${outlineStyle === 'none' ? '' : outlineWidth} ${borderColor} ${boxShadow}`;
  const place = top - form.getBoundingClientRect().top;
  return { id: element.id || element.nodeName, top: Math.round(place), left: Math.round(left), ring };
}

/** How all elements look that do not have the focus, by their id. Runs in the page. */
function unfocusedLooks(): Record<string, string> {
  const focused = document.activeElement as HTMLElement | null;
  focused?.blur();
  const elements = [...document.querySelectorAll('.energy-nodes-form :is(input, select, button, summary, a)')];
  const looks = elements.map((element) => {
    const { outlineStyle, outlineWidth, borderColor, boxShadow } = getComputedStyle(element);
    const ring = `${outlineStyle === 'none' ? '' : outlineWidth} ${borderColor} ${boxShadow}`;
    return [element.id || element.nodeName, ring];
  });
  focused?.focus();
  return Object.fromEntries(looks) as Record<string, string>;
}

describe('the dialogs of envoy-gateway and envoy-read, by the keyboard alone,', () => {
  let world: EditorWorld;
  let editor: Editor;

  before(async () => {
    world = await startEditorWorld();
  });
  after(() => world.close());
  afterEach(() => editor.close());

  const press = (key: string) => editor.page.keyboard.press(key);

  /** Goes to a field and types a value in the place of what it holds. */
  async function enter(property: string, value: string, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
    await editor.tabTo(`node-config-input-${property}`, key);
    await press('Control+a');
    await editor.page.keyboard.insertText(value);
    await press('End');
  }

  /** Goes through the open dialog with Tab, and returns what had the focus in it. */
  async function walk(): Promise<Focus[]> {
    const looks = await editor.page.evaluate(unfocusedLooks);
    const passed: Focus[] = [];
    for (let steps = 0; steps < 80; steps++) {
      const focus = await editor.page.evaluate(focusInForm);
      if (focus) {
        passed.push(focus);
        assert.notEqual(focus.ring, looks[focus.id], `nothing shows that ${focus.id} has the focus`);
      } else if (passed.length > 0) return passed;
      await press('Tab');
    }
    return passed;
  }

  /** Fails where the focus does not go as one reads: down, and within a row to the right. */
  function assertFollowsTheEye(passed: readonly Focus[]): void {
    for (const [index, { id, top, left }] of passed.entries()) {
      const next = passed[index + 1];
      if (!next) break;
      const isSameRow = Math.abs(next.top - top) < 20;
      assert.ok(isSameRow ? next.left > left : next.top > top, `${id} comes before ${next.id}`);
    }
  }

  it('lead from an imported flow to a gateway that is tested, saved, deployed and read', async () => {
    editor = await Editor.open(world.browser, world.nodeRed.url);
    const { page } = editor;
    const found = { serial: '12******42', host: nowhere, addresses: [], current: false, moved: false };
    await page.route('**/envoy-gateway/search', (route) => route.fulfill({ json: { gateways: [found] } }));
    await editor.importFlows(JSON.stringify(emptyFlow));
    await editor.tabTo('red-ui-workspace-chart');
    await press('Control+]');
    await page.locator('[id="read"]').waitFor();
    await press('Control+a');
    await press('Enter');
    await editor.settled('#node-dialog-ok');
    await editor.tabTo('node-input-btn-gateway-add');
    await press('Enter');
    await editor.settled('#node-config-dialog-ok');

    await editor.tabTo('envoy-gateway-search');
    await press('Enter');
    await page.locator('#envoy-gateway-found button').waitFor();
    assert.equal(await editor.focused(), 'envoy-gateway-search', 'the button keeps the focus');
    await press('Tab');
    await press('Space');
    assert.equal(await editor.configField('host').inputValue(), nowhere);
    assert.equal(await editor.focused(), 'node-config-input-host');
    await enter('host', `${world.gateway.host}:${world.gateway.port}`);
    await enter('username', account.email);
    await enter('password', account.password);
    await press('Tab');
    await editor.tabTo('envoy-gateway-advanced-summary');
    await press('Enter');
    await enter('fingerprint', 'ab'.repeat(32));
    await enter('cloudUrl', 'enlighten');
    assert.match(await editor.reason(editor.configField('cloudUrl')), /starts with https/);
    await enter('cloudUrl', world.cloud.url);
    await enter('tokenUrl', world.cloud.url);
    await editor.tabTo('envoy-gateway-test', 'Shift+Tab');
    await press('Enter');
    await page.locator('#envoy-gateway-accept-certificate').waitFor();
    assert.equal(await editor.focused(), 'envoy-gateway-test', 'the button keeps the focus');
    await editor.tabTo('envoy-gateway-accept-certificate');
    await press('Enter');
    assert.equal(await editor.focused(), 'node-config-input-fingerprint');
    await editor.tabTo('envoy-gateway-test', 'Shift+Tab');
    await press('Space');
    await page.locator('[data-step="production"][data-ok="true"]').waitFor();
    await press('Control+Enter');
    await page.locator('#node-config-dialog-ok').waitFor({ state: 'detached' });
    await press('Control+Enter');
    await page.locator('#node-dialog-ok').waitFor({ state: 'detached' });
    await press('Control+d');
    await page
      .locator('[id="read"]')
      .getByText(/^\d+ W$/)
      .waitFor();
    editor.assertQuiet();
  });

  it('show the focus on every field and button, in the order in which one reads', async () => {
    await world.nodeRed.deploy(emptyFlow);
    editor = await Editor.open(world.browser, world.nodeRed.url);
    await editor.openNode('read');
    const read = await walk();
    assertFollowsTheEye(read);
    const ids = read.map(({ id }) => id);
    for (const id of ['name', 'gateway', 'btn-gateway-add', 'interval', 'stream', 'raw']) {
      assert.ok(ids.includes(`node-input-${id}`), id);
    }
    await editor.openConfig('gateway', 'add');
    await editor.type(editor.configField('host'), '');
    await editor.page.locator('#envoy-gateway-advanced summary').press('Space');
    await editor.configField('name').focus();
    const config = await walk();
    assertFollowsTheEye(config);
    await editor.page.locator('#envoy-gateway-search').focus();
    await editor.screenshot('focus-search');
    const every = ['name', 'host', 'username', 'password', 'token', 'tls', 'fingerprint', 'cloudUrl', 'tokenUrl'];
    assert.deepEqual(
      config.map(({ id }) => id.replace('node-config-input-', '')),
      [
        ...every.slice(0, 2),
        'envoy-gateway-search',
        ...every.slice(2, 5),
        'envoy-gateway-test',
        'envoy-gateway-advanced-summary',
        ...every.slice(5),
        'refreshBefore',
        'timeout',
      ],
    );
    editor.assertQuiet();
  });
});
