/** A property or a credential in a definition given to `registerType`. */
interface EditorProperty {
  readonly value?: unknown;
  /** Of a property: the type of the config node that it names. Of a credential: `text` or `password`. */
  readonly type?: string;
  readonly validate?: (this: EditorNode | undefined, value: unknown, options?: ValidatorOptions) => boolean | string;
}

/** A node as the editor holds it: its own properties beside the few of the editor that the dialogs use. */
interface EditorNode {
  readonly id: string;
  readonly type: string;
  /** The definition given to `registerType`. */
  readonly _def: {
    readonly defaults: Readonly<Record<string, EditorProperty>>;
    readonly credentials?: Readonly<Record<string, EditorProperty>>;
  };
  /** Whether a check found nothing wrong; undefined before the first one. */
  readonly valid?: boolean;
  /** Credentials as the editor knows them: a password is only known by its `has_` flag, or while it is being changed. */
  credentials?: Readonly<Record<string, unknown>> & { readonly _?: Readonly<Record<string, unknown>> };
  [property: string]: unknown;
}

/** What a validator is told: the label of the property, where it has one. Older editors pass nothing. */
interface ValidatorOptions {
  readonly label?: string;
}

/** The global of the Node-RED editor, as far as the dialogs use it; the same in Node-RED 4 and 5. */
declare const RED: {
  /** The text of a catalog, `<module>/<set>:<key>`, in the editor's language. */
  _(key: string, values?: Readonly<Record<string, string | number>>): string;
  readonly i18n: {
    /** The language of the editor, such as `fr`. */
    lang(): string;
  };
  readonly nodes: {
    node(id: string): EditorNode | null | undefined;
    filterNodes(filter: { readonly type: string }): EditorNode[];
  };
  readonly settings: {
    /** Path below which flows serve HTTP. */
    readonly httpNodeRoot?: string;
  };
  readonly comms: {
    /** What the runtime publishes; a retained publication comes at once. */
    subscribe(topic: string, callback: (topic: string, data: unknown) => void): void;
    unsubscribe(topic: string, callback: (topic: string, data: unknown) => void): void;
  };
  readonly events: {
    /** `editor:open` when a dialog opens, `editor:close` when the last one is gone. */
    on(event: 'editor:open' | 'editor:close', callback: () => void): void;
    off(event: 'editor:open' | 'editor:close', callback: () => void): void;
  };
  /** Shows a notification; elements are shown as they are. */
  notify(content: string | JQuery, options: NoticeOptions): EditorNotification;
};

/** How a notification looks; times in ms. */
interface NoticeOptions {
  readonly type?: 'success' | 'warning' | 'error';
  readonly fixed?: boolean;
  readonly timeout?: number;
  readonly id?: string;
  readonly buttons?: readonly { readonly text: string; readonly class?: string; readonly click: () => void }[];
}

/** A notification that is shown. */
interface EditorNotification {
  close(): void;
  hideNotification(): void;
  showNotification(): void;
}
