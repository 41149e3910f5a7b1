using Signal.Configure;

namespace Signal.Console.Data;

/// <summary>What to paste into a site so that its events arrive.</summary>
/// <param name="Name">Where it goes.</param>
/// <param name="Help">How.</param>
/// <param name="Code">What to paste.</param>
internal sealed record Snippet(string Name, string Help, string Code)
{
    /// <summary>Every way to connect a source; <paramref name="collect"/> is the collection address without a slash at its end.</summary>
    public static IReadOnlyList<Snippet> Of(Source source, string collect)
    {
        var script = collect + (source.Sdk.ScriptPath ?? $"/d/{source.PipelineKey}.js");
        return
        [
            new("HTML", "Put it into the head of every page.", $"""<script async src="{script}"></script>"""),
            new("Next.js", "Put it into the root layout.", $$"""
                import Script from "next/script";

                <Script src="{{script}}" strategy="afterInteractive" />
                """),
            new("Vue", "Put it into index.html, or into nuxt.config.", $$"""
                app: { head: { script: [{ src: "{{script}}", async: true }] } }
                """),
            new("Tag manager", "Add a tag of the kind custom HTML that fires on every page.", $$"""
                <script>
                  var s = document.createElement("script");
                  s.async = true;
                  s.src = "{{script}}";
                  document.head.appendChild(s);
                </script>
                """),
            new("Server", "Events of your own server are signed with the source's secret (sk_…).", $$$"""
                BODY='{"type":"track","event":"Order Completed","userId":"user-123","properties":{"order_id":"ORD-001","revenue":129.99}}'
                TS=$(date +%s%3N)
                SIG=$(printf '%s.%s' "$TS" "$BODY" | openssl dgst -sha256 -hmac "$SIGNAL_SECRET" -r | cut -d' ' -f1)
                curl {{{collect}}}/v1/events -H 'Content-Type: application/json' \
                  -H 'X-Source-Id: {{{source.Id}}}' -H "X-Timestamp: $TS" -H "X-Signature: sha256=$SIG" -d "$BODY"
                """),
        ];
    }
}
