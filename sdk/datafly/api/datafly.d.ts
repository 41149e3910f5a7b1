// datafly.js
/** A value that survives `JSON.stringify`; functions and symbols are dropped, cycles are refused with a warning. */
export type Properties = {
    [name: string]: any;
};
/** Consent categories. `essential` is always granted and need not be named. */
export type ConsentCategory = "functional" | "analytics" | "marketing" | "personalization";
/** What the visitor decided, by category. A category left out keeps its earlier value. */
export type ConsentState = {
    [category in ConsentCategory]?: boolean;
} & {
    [category: string]: boolean | undefined;
};
/** A product of a list, a cart or an order. Money is in major units (`129.99`). */
export interface Product {
    product_id?: string;
    sku?: string;
    name?: string;
    category?: string | string[];
    brand?: string;
    variant?: string;
    price?: number | string;
    quantity?: number;
    [name: string]: any;
}
/** A cart, or what is left of one. */
export interface Cart {
    cart_id?: string;
    currency?: string;
    products?: Product[];
    [name: string]: any;
}
/** An order. `order_id` makes it count once, however often it is sent. */
export interface Order extends Cart {
    order_id: string;
    revenue?: number | string;
    total?: number | string;
    subtotal?: number | string;
    tax?: number | string;
    shipping?: number | string;
    discount?: number | string;
    coupon?: string;
}
/** The commerce vocabulary. Any other event name takes any properties. */
export interface CommerceEvents {
    "Product List Viewed": {
        list_id?: string;
        category?: string;
        products?: Product[];
        [name: string]: any;
    };
    "Product Viewed": Product;
    "Product Added": Product & {
        cart_id?: string;
        currency?: string;
    };
    "Product Removed": Product & {
        cart_id?: string;
        currency?: string;
    };
    "Cart Viewed": Cart;
    "Cart Updated": Cart;
    "Cart Cleared": Cart;
    "Products Searched": {
        query: string;
        category?: string;
        count?: number;
        [name: string]: any;
    };
    "Checkout Started": Cart & {
        order_id?: string;
        revenue?: number | string;
    };
    "Order Completed": Order;
    "Order Refunded": Order;
    "Order Cancelled": Order;
}
/** One event as it travels to `/v1/b`. */
export interface DataflyEvent {
    type: "page" | "track" | "identify" | "group";
    /** Makes a resend harmless: the server delivers an ID once. */
    messageId: string;
    /** ISO 8601 in UTC, by the visitor's clock. */
    originalTimestamp: string;
    anonymousId: string;
    userId?: string;
    groupId?: string;
    event?: string;
    name?: string;
    properties?: Properties;
    traits?: Properties;
    context: Properties & {
        page: Properties & {
            url: string;
            pv_id: string;
        };
    };
}
/** What went wrong. `code` is the server's, or one of `NETWORK`, `THROTTLED`, `USAGE`. */
export interface DataflyError {
    code: string;
    message: string;
}
/** The server's answer to the batch that an event travelled in. */
export interface Answer {
    success: boolean;
    accepted?: number;
    errors?: {
        index: number;
        code: string;
        message: string;
    }[];
}
export interface Listeners {
    /** An event was accepted by the SDK. */
    event: (event: DataflyEvent) => void;
    /** The server has the event durably, or dropped it for a documented reason. */
    sent: (event: DataflyEvent, answer: Answer) => void;
    /** An event was refused or a call was misused; `event` is given where there is one. */
    error: (error: DataflyError, event?: DataflyEvent) => void;
    /** The visitor's decision changed, here or in another tab. */
    consent: (state: ConsentState) => void;
}
/** Lists may be arrays or comma-separated text, so that each setting also works as a `data-` attribute. */
export type List = string | readonly string[];
export interface Settings {
    /** `dk_live_…` or `dk_test_…`. */
    pipelineKey?: string;
    /** Where events go, absolute or relative to the script's address. By default `v1` beside `d.js`. */
    endpoint?: string;
    /** Name of the global. Default `datafly`. */
    global?: string;
    /** `opt_out` (default): events flow until a refusal. `opt_in`: nothing is stored or sent before a grant. */
    consent?: "opt_in" | "opt_out";
    /** Events flow while one of these categories is granted. Default `analytics`. */
    purposes?: List;
    /** `deny` makes `DNT: 1` a refusal of everything. Otherwise the server decides. */
    dnt?: "forward" | "deny" | "ignore";
    /** What Global Privacy Control refuses. Default `deny_marketing`: marketing and personalization. */
    gpc?: "deny_marketing" | "deny_all" | "ignore";
    /** No cookie and no storage: the anonymous ID lives as long as the page; the server may know better for a day. */
    cookieless?: boolean;
    /** Page views by themselves, on load and on route changes. Default true. */
    pages?: boolean;
    /** The address's fragment: removed (default), kept, or kept and counted as a route. */
    hash?: false | "keep" | "route";
    /** Query parameters removed from every address. */
    deny?: List;
    /** When given, only these query parameters and campaign parameters stay. */
    allow?: List;
    /** High-entropy client hints to ask for, such as `model,platformVersion,fullVersionList,formFactors`. */
    hints?: List;
    /** `File Downloaded` on clicks. Default true; a text replaces the list of file name endings, split by a bar. */
    downloads?: boolean | string;
    /** `Link Clicked` on links to other hosts. Default true. */
    outlinks?: boolean;
    /** Hosts that are no outlinks, with their subdomains. */
    domains?: List;
    /** `Content Impression` and `Content Interaction` for `data-track-content`. Default false. */
    content?: boolean;
    /** `Page Not Found` when the server answered the page with 404. Default false. */
    notfound?: boolean;
    /** `Products Searched` from the address's parameters: true, or the parameters' names. Default false. */
    sitesearch?: boolean | List;
    /** `Heartbeat` every so many seconds of attention; true means 15. Default true. */
    heartbeat?: boolean | number;
    /** `JavaScript Error` for uncaught errors. Default false. */
    errors?: boolean;
    /** The consent tool that is read: its reader is built into the source's script. */
    reader?: "tcf" | "gcm" | "onetrust" | "cookiebot" | "didomi" | "osano" | "klaro" | "usercentrics" | "cookie";
    /** The consent tool's own codes by category: all of a category's codes must be granted. */
    codes?: {
        [category: string]: List;
    };
    /** Name of the cookie that the `cookie` consent reader watches. */
    cookie?: string;
}
export interface Datafly {
    /** Starts collecting. A script tag with a pipeline key does this by itself. */
    init(pipelineKey: string, settings?: Settings): void;
    init(settings: Settings): void;
    /** A page view. Replaces the automatic one while that has not been sent. */
    page(properties?: Properties): void;
    page(name: string, properties?: Properties): void;
    /** What has happened. The properties of commerce events are checked, those of any other name are free. */
    track<Name extends keyof CommerceEvents | (string & {})>(event: Name, ...properties: Name extends "Cart Cleared" | "Cart Viewed" ? [Cart?] : Name extends keyof CommerceEvents ? [CommerceEvents[Name]] : [Properties?]): void;
    /** Names the visitor until `reset()`. */
    identify(userId: string | number, traits?: Properties): void;
    group(groupId: string | number, traits?: Properties): void;
    /** The visitor's decision, in part or whole. */
    consent(state: ConsentState): void;
    /** Forgets user, traits and group, and starts a new visitor. */
    reset(): void;
    /** Sends what is waiting now. */
    flush(): void;
    /** Calls back once collecting has started. */
    ready(callback: (datafly: Datafly) => void): void;
    /** Listens from now on. */
    on<Name extends keyof Listeners>(name: Name, listener: Listeners[Name]): void;
    /** Logs each event with the server's answer to the console. */
    debug(): void;
    /** A call as an array, `["track", "Signed Up"]`: the form in which a page queues calls before the load. */
    push(call: readonly [method: string, ...args: unknown[]]): void;
    readonly version: string;
}
/** A separately built feature or consent reader. */
export type Part = (datafly: Datafly, settings: Settings, clean: (url: string) => string) => unknown;

import type { Datafly, Part, Settings } from "./api";
export type * from "./api";
/** The collector of this page. Calls made before `init` wait for it. */
export declare const datafly: Datafly;
/** Starts collecting. `endpoint` names the collection, for example `https://data.example.com/v1`. */
export declare const init: (settings: Settings & {
    pipelineKey: string;
    endpoint: string;
}, parts?: readonly Part[]) => Datafly;
export default datafly;

// datafly.js/parts
export declare const content: Part;
export declare const cookie: Part;
export declare const cookiebot: Part;
export declare const didomi: Part;
export declare const errors: Part;
export declare const gcm: Part;
export declare const heartbeat: Part;
export declare const hints: Part;
export declare const hygiene: Part;
export declare const klaro: Part;
export declare const links: Part;
export declare const notfound: Part;
export declare const onetrust: Part;
export declare const osano: Part;
export declare const signals: Part;
export declare const sitesearch: Part;
export declare const tcf: Part;
export declare const usercentrics: Part;
