using Signal.Govern;

namespace Signal.Collect;

/// <summary>
/// The SDK's <c>reset()</c>: from now on another visitor, the one the call names, so that a call sent again makes no further one. One who has refused keeps what there is, so that the refusal stays known and no
/// cookie is set; <c>{"forget":true}</c> removes the cookie.
/// </summary>
internal static class ResetStage
{
    internal static async ValueTask ApplyAsync(CollectCall call, GovernStage govern, CollectOptions options)
    {
        var settings = call.Source!.Cookie;
        if (!settings.Enabled) return;
        var secure = ClientAddress.IsHttps(call.Http, options.TrustedProxies);
        if (call.Forget)
        {
            VisitorCookie.Remove(call.Http.Response, settings, secure);
            return;
        }

        var visitor = VisitorCookie.Read(call.Http.Request, settings) ?? Identity.NewVisitor();
        if (!await govern.HasRefusedAsync(call, visitor))
            VisitorCookie.Write(call.Http.Response, settings, call.NextVisitor is { } next && Validation.IsSaneAnonymousId(next) ? next : Identity.NewVisitor(), secure);
    }
}
