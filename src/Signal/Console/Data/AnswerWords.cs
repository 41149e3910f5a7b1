using Microsoft.Extensions.Localization;

namespace Signal.Console.Data;

/// <summary>What a destination's HTTP status means, in words.</summary>
internal static class AnswerWords
{
    public static string Of(int? status, IStringLocalizer l) => status switch
    {
        null or 0 => l["No answer came: the destination could not be reached, or did not answer in time."],
        200 => l["Accepted."],
        204 => l["Accepted, without a body: Matomo's success code."],
        400 => l["The destination refused the request as it is."],
        401 or 403 => l["The destination refused the token, or its rights do not reach this site."],
        404 => l["There is no tracker at this address."],
        413 => l["The request was too large for the destination's web server."],
        429 => l["The destination asks for fewer requests."],
        503 => l["The destination is under maintenance or overloaded."],
        >= 500 => l["The destination failed while it worked on the request."],
        >= 300 and < 400 => l["The destination points somewhere else; Signal does not follow, so that nothing is sent to a stranger."],
        _ => l["The destination answered with {0}.", status],
    };
}
