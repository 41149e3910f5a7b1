export declare const compose: (settings: object, dist?: URL) => string;
