using System.Text;
using System.Text.Json.Nodes;
using MatomoSandbox.Recording;
using MatomoSandbox.Tracking;

namespace MatomoSandbox.Reporting;

/// <summary>The few methods of the reporting API that a sender reads its set-up back with. Answers JSON whatever format is asked for.</summary>
internal sealed class ReportingApi(SandboxOptions options, SandboxState state, Store store, Gatekeeper gatekeeper, SandboxFaults faults, long now)
{
    public TrackerAnswer Answer(Arrival arrival)
    {
        var sent = new Parameters(arrival.Both);
        if (sent.Text("module") != "API")
            return new TrackerAnswer(200, "text/html; charset=UTF-8", Encoding.UTF8.GetBytes("<!doctype html><title>Matomo sandbox</title>"));
        if (gatekeeper.IsBlocked(arrival.Request.RemoteAddress, now))
            return Error(500, "Too many failed logins: this address is blocked for up to an hour.");
        if (faults.DatabaseDown)
            return Error(500, "The database cannot be reached.");
        var token = Token(arrival, sent);
        var site = (int)Math.Clamp(sent.Whole("idSite", 0), 0, int.MaxValue);
        if (DataSubjectApi.Answers(sent.Text("method")) && (token is not null || sent.Text("token_auth").Length == 0))
        {
            var (status, body) = new DataSubjectApi(options, state, store).Answer(sent, token);
            return Json(body) with { Status = status };
        }

        if (token is null && DataSubjectApi.Answers(sent.Text("method")))
            return new TrackerAnswer(401, "text/html; charset=utf-8", Encoding.UTF8.GetBytes("<!DOCTYPE html><title>Matomo &rsaquo; Error</title><p>Unable to authenticate with the provided token. It is either invalid or expired.</p>"));
        if (token is null)
            return Error(401, "The token is unknown or may not be used this way.");
        if (sent.Text("method") == "API.getMatomoVersion")
            return Json(new JsonObject { ["value"] = options.Version });
        if (sent.Text("method") == "UserCountry.getLocationFromIP")
            return Json(Setup.Location(options, sent.Plain("ip"), Languages.Country(arrival.Request.Header("Accept-Language") ?? "")));
        if (sent.Text("method") is "SitesManager.getExcludedIpsGlobal" or "SitesManager.getExcludedUserAgentsGlobal")
            return Excluded(sent.Text("method"), token);
        var known = options.Sites.FirstOrDefault(candidate => candidate.Id == site);
        if (known is null || !token.Reads(site))
            return Error(401, $"The token gives no view access to the site {site}.");
        return Method(sent, known);
    }

    private TrackerAnswer Method(Parameters sent, SandboxSite site) => sent.Text("method") switch
    {
        "SitesManager.getSiteFromId" => Json(Setup.Site(site)),
        "Goals.getGoals" => Json(Setup.Goals(options, site)),
        "CustomDimensions.getConfiguredCustomDimensions" => Json(Setup.Dimensions(options, site)),
        "Live.getLastVisitsDetails" => Json(new LiveVisits(options, state).Of(site, sent.Plain("segment"), sent.Whole("filter_limit", 10))),
        var method => Error(400, $"The method '{method}' does not exist in the sandbox."),
    };

    // An empty list is told as false, one that is set as text; both as a real one does.
    private TrackerAnswer Excluded(string method, SandboxToken token)
    {
        if (token.Kind is not (TokenKind.Admin or TokenKind.Superuser))
            return Error(401, "You can't access this resource as it requires admin access for at least one website.");
        var list = string.Join(',', method == "SitesManager.getExcludedIpsGlobal" ? options.ExcludedIps : options.ExcludedUserAgents);
        return Json(new JsonObject { ["value"] = list.Length > 0 ? JsonValue.Create(list) : JsonValue.Create(false) });
    }

    private SandboxToken? Token(Arrival arrival, Parameters sent)
    {
        var value = sent.Text("token_auth");
        var known = gatekeeper.Find(value, faults);
        var posted = arrival.Post["token_auth"] is string text && text == value;
        if (known is { SecureOnly: true } && !posted)
            known = null;
        if (known is null && value.Length > 0)
            gatekeeper.CountRefusal(arrival.Request.RemoteAddress, now);
        return known;
    }

    private static TrackerAnswer Error(int status, string message) =>
        Json(new JsonObject { ["result"] = "error", ["message"] = message }) with { Status = status };

    private static TrackerAnswer Json(JsonNode body) => new(200, "application/json; charset=utf-8", Encoding.UTF8.GetBytes(body.ToJsonString()));
}
