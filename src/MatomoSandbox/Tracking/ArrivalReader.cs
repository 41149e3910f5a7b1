using MatomoSandbox.Php;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace MatomoSandbox.Tracking;

/// <summary>Takes a request apart as PHP and the bulk plugin do.</summary>
internal static class ArrivalReader
{
    public static Arrival Read(TrackerRequest request)
    {
        var get = PhpQuery.Parse(request.Query);
        var post = request.Method == "POST" ? Form(request) : new PhpArray();
        var both = PhpArray.Union(get, post);
        var raw = request.ContentType == "multipart/form-data" ? [] : request.Body.ToArray();
        return IsBulk(raw) ? Bulk(request, get, post, both, raw) : Single(request, get, post, both);
    }

    private static Arrival Single(TrackerRequest request, PhpArray get, PhpArray post, PhpArray both)
    {
        var token = new Parameters(both).Text("token_auth");
        return new Arrival
        {
            Request = request,
            Get = get,
            Post = post,
            Both = both,
            IsBulk = false,
            Entries = both.Count == 0 ? [] : [new Entry(Filled(both, request), token)],
            Token = token,
        };
    }

    private static Arrival Bulk(TrackerRequest request, PhpArray get, PhpArray post, PhpArray both, byte[] raw)
    {
        var text = PhpText.StrictUtf8(raw);
        object? json = null;
        var isJson = text is not null && PhpJson.TryDecode(WithoutLineBreaks(text), out json);
        var top = new Parameters(json as PhpArray ?? []);
        var token = top.Text("token_auth");
        return new Arrival
        {
            Request = request,
            Get = get,
            Post = post,
            Both = both,
            IsBulk = true,
            BulkIsJson = isJson,
            Entries = Entries(top.Raw("requests") as PhpArray ?? [], token, request),
            Token = token.Length > 0 ? token : new Parameters(both).Text("token_auth"),
            Mute = PhpText.IsEmpty(top.Raw("send_image") is null or "" ? "1" : top.Text("send_image")),
        };
    }

    private static List<Entry> Entries(PhpArray requests, string topToken, TrackerRequest request)
    {
        var entries = new List<Entry>();
        foreach (var (_, value) in requests)
        {
            // A text without a query part is not counted at all.
            if (value is string text && QueryPart(text).Length == 0)
                continue;
            var sent = value is string address ? PhpQuery.Parse(QueryPart(address)) : value as PhpArray;
            var parameters = sent is null or { Count: 0 } ? null : Filled(sent, request);
            var token = topToken.Length > 0 || parameters is null ? topToken : parameters.Text("token_auth");
            entries.Add(new Entry(parameters, token));
        }
        return entries;
    }

    // Without any address of its own, a hit takes the Referer header of the request for its page.
    private static Parameters Filled(PhpArray sent, TrackerRequest request)
    {
        var parameters = new Parameters(sent);
        var referer = request.Header("Referer");
        if (parameters.Given("url") || parameters.Given("urlref") || string.IsNullOrEmpty(referer))
            return parameters;
        sent["url"] = referer;
        return new Parameters(sent);
    }

    private static string QueryPart(string address)
    {
        var query = address.Split('#')[0];
        var mark = query.IndexOf('?', StringComparison.Ordinal);
        return mark < 0 ? "" : query[(mark + 1)..];
    }

    private static bool IsBulk(byte[] raw)
    {
        var body = raw.AsSpan();
        return body.IndexOf("\"requests\""u8) > 0 || body.IndexOf("'requests'"u8) > 0;
    }

    private static string WithoutLineBreaks(string text) => PhpText.Trim(text).Replace("\n", "", StringComparison.Ordinal).Replace("\r", "", StringComparison.Ordinal);

    private static PhpArray Form(TrackerRequest request) => request.ContentType switch
    {
        "application/x-www-form-urlencoded" => PhpQuery.Parse(request.Body.ToArray()),
        "multipart/form-data" => Multipart(request),
        _ => [],
    };

    private static PhpArray Multipart(TrackerRequest request)
    {
        var form = new PhpArray();
        if (!MediaTypeHeaderValue.TryParse(request.Header("Content-Type"), out var type) || type.Boundary.Length == 0)
            return form;
        using var body = new MemoryStream(request.Body.ToArray());
        var reader = new MultipartReader(HeaderUtilities.RemoveQuotes(type.Boundary).ToString(), body);
        try
        {
            while (reader.ReadNextSectionAsync().GetAwaiter().GetResult() is { } section)
            {
                if (section.GetContentDispositionHeader()?.Name.Value is { } name)
                    PhpQuery.Add(form, name.Trim('"'), Text(section.Body));
            }
        }
        catch (IOException)
        {
            // A body cut short keeps the parts that were whole, as in PHP.
            return form;
        }
        return form;
    }

    private static string Text(Stream part)
    {
        using var buffer = new MemoryStream();
        part.CopyTo(buffer);
        return PhpText.Decode(buffer.ToArray());
    }
}
