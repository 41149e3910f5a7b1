using Signal.Configure;
using Signal.Destinations;
using Signal.Manage.Privacy;

namespace Signal.Tests.Manage.Fakes;

/// <summary>Remembers what was asked and answers what it is told to.</summary>
internal sealed class FakePrivacyTools : IPrivacyTools
{
    public List<(string Integration, Subject Subject, HandOnPurpose Purpose)> Asked { get; } = [];

    public HandOnResult? Result { get; set; }

    public Task<HandOnResult?> AskAsync(Integration integration, Subject subject, HandOnPurpose purpose, CancellationToken stop)
    {
        lock (Asked) Asked.Add((integration.Id, subject, purpose));
        return Task.FromResult(Result);
    }
}
