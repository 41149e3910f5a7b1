export declare const sizes: () => string;
