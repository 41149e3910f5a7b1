using Signal.Configure;
using Signal.Destinations;
using Signal.State;

namespace Signal.Deliver;

/// <summary>Carries out what a destination makes of a person's request. Never throws for what the destination does.</summary>
internal sealed class HandOns(IDestinationSender sender, IRefusalStore refusals, TimeProvider time)
{
    private const int MostRequests = 100;

    /// <summary>Asks until the result is there; null when the destination has no such tools.</summary>
    public async Task<HandOnResult?> RunAsync(IDestination destination, Integration integration, Subject subject, HandOnPurpose purpose, CancellationToken stop)
    {
        if (destination.HandOn(integration, subject, purpose) is not { } handOn) return null;

        // The token may be wrong: noted before it is shown, as everywhere.
        using var doubt = new RefusalBudget(destination.Compile(integration).Server, refusals, time).Doubt();
        if (await doubt.BeginAsync(RefusalBudget.Most, 1, stop) is { } room)
            return new HandOnResult(HandOnStatus.Unreachable, 0, $"So many tokens were refused there within the hour that it is not asked before {room:HH:mm} UTC. Correct the token, then try again.");

        var answers = new List<DestinationResponse>();
        while (true)
        {
            switch (handOn.Next(answers))
            {
                case HandOnStep.Done { Result: var result }:
                    if (!result.Refused) await doubt.EndAsync(new Verdict.Settled([]), stop);
                    return result;
                case HandOnStep.Ask when answers.Count == MostRequests:
                    await doubt.EndAsync(new Verdict.Settled([]), stop);
                    return new HandOnResult(HandOnStatus.Failed, 0, "There is more than is handed on at once. Do it again until nothing is left.");
                case HandOnStep.Ask { Request: var request }:
                    answers.Add(await sender.SendAsync(request, stop));
                    break;
            }
        }
    }
}
