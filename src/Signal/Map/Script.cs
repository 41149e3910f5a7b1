using Jint;
using Jint.Native;
using Jint.Native.Json;
using Jint.Runtime;

namespace Signal.Map;

/// <summary>
/// A JavaScript expression of a mapping over <c>event</c>, <c>visitor</c> and <c>value</c>. It sees nothing else: no I/O, no .NET,
/// no clock but the event's own time, no chance; limits on time, memory, statements and depth end it.
/// </summary>
internal sealed class Script
{
    private const int LongestSource = 8192;
    private static readonly TimeSpan TimeLimit = TimeSpan.FromMilliseconds(200);
    private const int MostStatements = 10_000;
    private const int MostBytes = 4_000_000;
    private const int Deepest = 64;
    private static readonly string Beyond = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"it went beyond a limit ({MostStatements} statements, {Deepest} calls deep, {MostBytes / 1_000_000} MB, {TimeLimit.TotalMilliseconds} ms)");
    private readonly Prepared<Acornima.Ast.Script> _program;

    private Script(Prepared<Acornima.Ast.Script> program) => _program = program;

    /// <summary>What is wrong with the source of an expression; null when nothing is.</summary>
    internal static string? Problem(string source)
    {
        if (source.Length > LongestSource) return $"An expression may have {LongestSource} characters.";
        try
        {
            _ = Compile(source);
            return null;
        }
        catch (ScriptPreparationException e)
        {
            return $"The expression is not valid JavaScript: {e.InnerException?.Message ?? e.Message}";
        }
    }

    /// <summary>The expression compiled. A source that begins with <c>return</c> or holds a statement is a function's body.</summary>
    internal static Script Compile(string source) => new(Engine.PrepareScript(Wrap(source), strict: true));

    /// <summary>The expression's answer: null for <c>undefined</c>, <c>null</c> and NaN.</summary>
    /// <param name="facts">The event and its visitor.</param>
    /// <param name="value">What the mapping's source gave, or null.</param>
    /// <param name="failure">Why it has none, for people; null when it ran.</param>
    internal Value? Run(Facts facts, Value? value, out string? failure)
    {
        failure = null;
        try
        {
            using var engine = NewEngine(facts.Event.Time);
            var json = new JsonParser(engine);
            engine.SetValue("event", json.Parse(SafeJson.Write(facts.Event.Body)));
            engine.SetValue("visitor", json.Parse(System.Text.Json.JsonSerializer.Serialize(new
            {
                anonymousId = facts.Event.AnonymousId,
                userId = facts.Visitor.UserId,
                traits = facts.Visitor.Traits,
                group = facts.Visitor.GroupTraits,
            })));
            engine.SetValue("value", value is { } known ? Js(json, known) : JsValue.Undefined);
            return Answer(engine, engine.Evaluate(_program));
        }
        catch (Exception e) when (e is JintException or TimeoutException or InvalidOperationException)
        {
            failure = e is JavaScriptException ? SafeText.Cut(SafeText.Valid(e.Message), 200).TrimEnd('.') : Beyond;
            return null;
        }
    }

    private static string Wrap(string source)
    {
        var trimmed = source.Trim().TrimEnd(';');
        var isBody = trimmed.StartsWith("return ", StringComparison.Ordinal) || trimmed.Contains(';', StringComparison.Ordinal) || trimmed.Contains("\nreturn ", StringComparison.Ordinal);
        return isBody && trimmed.Contains("return", StringComparison.Ordinal) ? $"(function(){{{trimmed}\n}})()" : $"({trimmed}\n)";
    }

    private static Engine NewEngine(DateTimeOffset now)
    {
        var engine = new Engine(options =>
        {
            options.LimitMemory(MostBytes);
            options.TimeoutInterval(TimeLimit);
            options.MaxStatements(MostStatements);
            options.LimitRecursion(Deepest);
            options.Strict();
            options.Constraints.MaxArraySize = 10_000;
            options.Constraints.RegexTimeout = TimeLimit;
            options.Host.StringCompilationAllowed = false;
            options.TimeSystem = new EventTime(now);
        });
        engine.Execute("delete Math.random;");
        return engine;
    }

    private static JsValue Js(JsonParser json, Value value) => value.Kind switch
    {
        ValueKind.Json => json.Parse(value.Text),
        ValueKind.Number => JsNumber.Create(double.Parse(value.Text, System.Globalization.CultureInfo.InvariantCulture)),
        _ => new JsString(value.Text),
    };

    private static Value? Answer(Engine engine, JsValue answer)
    {
        if (answer.IsUndefined() || answer.IsNull()) return null;
        if (answer.IsBoolean()) return Value.Of(answer.AsBoolean() ? "true" : "false");
        if (answer.IsString()) return Value.Of(answer.AsString());
        if (answer.IsNumber())
        {
            var number = answer.AsNumber();
            return double.IsFinite(number) ? new Value(ValueKind.Number, JsNumber.Create(number).ToString()) : null;
        }

        var text = new Jint.Native.Json.JsonSerializer(engine).Serialize(answer, JsValue.Undefined, JsValue.Undefined);
        return text.IsString() ? new Value(ValueKind.Json, SafeText.Valid(text.AsString())) : null;
    }

    /// <summary>The event's time stands for now, so that the same event always maps alike.</summary>
    private sealed class EventTime(DateTimeOffset now) : ITimeSystem
    {
        /// <inheritdoc/>
        public TimeZoneInfo DefaultTimeZone => TimeZoneInfo.Utc;

        /// <inheritdoc/>
        public DateTimeOffset GetUtcNow() => now;

        /// <inheritdoc/>
        public TimeSpan GetUtcOffset(long epochMilliseconds) => TimeSpan.Zero;

        /// <inheritdoc/>
        public bool TryParse(string date, out long epochMilliseconds)
        {
            var understood = DateTimeOffset.TryParse(date, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal, out var time);
            epochMilliseconds = time.ToUnixTimeMilliseconds();
            return understood;
        }
    }
}
