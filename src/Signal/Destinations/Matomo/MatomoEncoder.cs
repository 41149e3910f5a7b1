using Signal.Configure;
using Signal.Events;
using Signal.Map;

namespace Signal.Destinations.Matomo;

/// <summary>One revision of an integration with Matomo, compiled.</summary>
internal sealed class MatomoEncoder : IEncoder
{
    private readonly MatomoSettings _settings;
    private readonly EventMapper _mapper;
    private readonly PageViews _pageViews;

    /// <summary>Compiles an integration that was checked.</summary>
    internal MatomoEncoder(Integration integration)
    {
        _settings = MatomoSettings.Of(integration);
        var preset = integration.Preset is null ? null : MatomoManifest.Presets[integration.Preset];
        _mapper = new EventMapper(_settings, preset, integration.Mappings.Select((row, i) => MappingRow.Compile(row, i + 1)).ToList());
        _pageViews = new PageViews(_settings, preset);
    }

    private MatomoEncoder(MatomoEncoder known, MatomoSettings settings)
    {
        _settings = settings;
        _mapper = known._mapper;
        _pageViews = known._pageViews;
    }

    /// <inheritdoc/>
    public RequestLimits Limits => _settings.Limits;

    /// <inheritdoc/>
    public string Server => _settings.Tracker.Authority;

    /// <inheritdoc/>
    public bool SharesCredentials(IEncoder other) => other is MatomoEncoder matomo && matomo.Server == Server && matomo._settings.Token == _settings.Token;

    /// <inheritdoc/>
    public IReadOnlyList<EncodedEvent> Encode(IReadOnlyList<Event> batch, IReadOnlyDictionary<string, string> visitors)
    {
        var known = new Dictionary<string, VisitorState>(StringComparer.Ordinal);
        var written = new Dictionary<string, string>(StringComparer.Ordinal);
        var drafts = new List<Draft>(batch.Count);
        var states = new string?[batch.Count];
        for (var i = 0; i < batch.Count; i++)
        {
            var visitor = batch[i].AnonymousId;
            if (!known.TryGetValue(visitor, out var before))
            {
                var stored = visitors.GetValueOrDefault(visitor);
                before = VisitorState.Read(stored);
                written[visitor] = stored ?? VisitorState.Unknown.Write();
            }

            var draft = Drafted(batch[i], before);
            _pageViews.Place(draft, drafts);
            drafts.Add(draft);
            known[visitor] = draft.Visitor;
            if (ReferenceEquals(draft.Visitor, before)) continue;
            var text = draft.Visitor.Write();
            if (text == written[visitor]) continue;
            states[i] = written[visitor] = text;
        }

        return drafts.Select((draft, i) => Encoded(draft, states[i])).ToList();
    }

    /// <inheritdoc/>
    public DestinationRequest Pack(IReadOnlyList<Hit> hits, RequestForm form, DateTimeOffset destinationNow) =>
        Requests.Pack(_settings, hits, form, destinationNow);

    /// <inheritdoc/>
    public Verdict Classify(IReadOnlyList<Hit> hits, RequestForm form, DestinationResponse response) =>
        form == RequestForm.Bulk ? BulkAnswers.Classify(hits, response) : SingleAnswers.Classify(hits[0], response);

    /// <inheritdoc/>
    public IEncoder Learn(DestinationResponse response) =>
        !_settings.AroundQueue && Answers.IsQueued(response) ? new MatomoEncoder(this, _settings with { AroundQueue = true }) : this;

    /// <inheritdoc/>
    public DestinationRequest Probe(string nonce, RequestForm form) => Requests.Probe(_settings, nonce, form);

    /// <inheritdoc/>
    public Verdict ClassifyProbe(RequestForm form, DestinationResponse response) => ProbeAnswers.Classify(form, response);

    /// <inheritdoc/>
    public bool CanBeProbedWith(IEncoder other) => other is MatomoEncoder matomo && matomo._settings.Tracker == _settings.Tracker;

    /// <inheritdoc/>
    public DestinationRequest ProbeTogether(IReadOnlyList<IEncoder> all, string nonce) =>
        Requests.RollCall([.. all.Cast<MatomoEncoder>().Select(e => e._settings)], nonce);

    /// <inheritdoc/>
    public IReadOnlyList<bool>? ClassifyTogether(int asked, DestinationResponse response) => ProbeAnswers.OfRollCall(asked, response);

    // One event that a rule or row can't digest must not hold up its lane, whatever the cause.
    private Draft Drafted(Event e, VisitorState before)
    {
        try
        {
            return _mapper.Map(e, before);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            var draft = new Draft(e, new Facts(e, before)) { DropReason = Reasons.MappingFailed };
            draft.Warn($"Mapping this event failed: {SafeText.Cut(SafeText.Valid(failure.Message), 200)}");
            return draft;
        }
    }

    private EncodedEvent Encoded(Draft draft, string? state) => new()
    {
        Event = draft.Event,
        Hits = draft.DropReason is null && draft.TravelsWith is null ? Hits.Of(draft, _settings) : [],
        DropReason = draft.DropReason,
        TravelsWith = draft.TravelsWith,
        VisitorState = state,
        UserId = draft.Visitor.UserId,
        Warnings = draft.Warnings,
        Rules = draft.Rules,
    };
}
