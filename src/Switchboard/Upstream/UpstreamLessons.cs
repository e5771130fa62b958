using System.Text.Json;
using Switchboard.Contract;

namespace Switchboard.Upstream;

/// <summary>What a refusal teaches about how an upstream wants to be asked.</summary>
/// <param name="Kind">What is changed.</param>
/// <param name="Field">The field that was refused, or is wanted: its name or path.</param>
/// <param name="Value">What it is set to.</param>
internal sealed record UpstreamLesson(UpstreamLessonKind Kind, string Field, string? Value = null)
{
    public static readonly UpstreamLesson NoDeveloper = new(UpstreamLessonKind.System, "messages.role developer");
    public static readonly UpstreamLesson WantsSignatures = new(UpstreamLessonKind.Thoughts, Thoughts.ExtraField);
    public static readonly UpstreamLesson WantsReasoning = new(UpstreamLessonKind.Thoughts, Thoughts.ReasoningField);

    /// <summary>Whether it is so only in requests that have tools.</summary>
    public bool BesideTools { get; init; }

    /// <summary>The value, as JSON, that is refused where others may be taken; null where it is the field.</summary>
    public string? OfValue { get; init; }

    /// <summary>How the upstream is asked from then on, for a log line.</summary>
    public string Change => (Kind switch
    {
        UpstreamLessonKind.LeaveOut when OfValue is not null => "without it where it has the value of this request",
        UpstreamLessonKind.LeaveOut => "without it",
        UpstreamLessonKind.OtherLimit => $"with {Other(Field)}",
        UpstreamLessonKind.Set => $"with {Value}",
        UpstreamLessonKind.System => "with system",
        _ => "with it",
    }) + (BesideTools ? " where there are tools" : "") + " for an hour";

    /// <summary>The setting that spares the upstream the question, for a log line.</summary>
    public string Setting => Kind switch
    {
        _ when OfValue is not null => $"{Field} to what it takes, or Omit to {Field}",
        UpstreamLessonKind.LeaveOut => $"Omit to {Field}",
        UpstreamLessonKind.OtherLimit => $"TokenLimitField to {(Other(Field) == RequestShape.MaxTokensField ? TokenLimitField.MaxTokens : TokenLimitField.MaxCompletionTokens)}",
        UpstreamLessonKind.Set => $"ReasoningEffort to {Value}",
        _ => "Profile to the service that it is",
    };

    public static UpstreamLesson LeaveOut(string field) => new(UpstreamLessonKind.LeaveOut, field);

    public static UpstreamLesson OtherLimit(string field) => new(UpstreamLessonKind.OtherLimit, field);

    public static UpstreamLesson Set(string field, string value) => new(UpstreamLessonKind.Set, field, value);

    public RequestShape Apply(RequestShape shape) => Kind switch
    {
        UpstreamLessonKind.OtherLimit => shape with { TokenLimit = Other(Field), IsOtherLimit = true, Fields = Renamed(shape.Fields), FieldsBesideTools = Renamed(shape.FieldsBesideTools) },
        UpstreamLessonKind.System => shape with { KnowsDeveloper = false },
        UpstreamLessonKind.Set => shape with { Fields = BesideTools ? shape.Fields : With(shape.Fields), FieldsBesideTools = With(shape.FieldsBesideTools) },
        UpstreamLessonKind.Thoughts => shape with
        {
            WantsReasoning = shape.WantsReasoning || Field == Thoughts.ReasoningField,
            WantsSignatures = shape.WantsSignatures || Field == Thoughts.ExtraField,
            StandsIn = true,
        },
        _ => Field switch
        {
            SentFields.Reasoning => shape with { WantsReasoning = false },
            SentFields.Details => shape with { WantsDetails = false },
            SentFields.Extra => shape with { WantsSignatures = false },
            // What the platform sends has no path in the shape.
            _ when Field.Split('.') is [var owner, _, ..] && owner != SentFields.Messages && !shape.Fields.ContainsKey(owner) && !shape.FieldsBesideTools.ContainsKey(owner) => shape.Without(owner),
            _ => shape.Without(Field),
        },
    };

    private static string Other(string limit) => limit == RequestShape.MaxTokensField ? RequestShape.MaxCompletionTokensField : RequestShape.MaxTokensField;

    // An operator's Body may have the limit too.
    private IReadOnlyDictionary<string, JsonElement> Renamed(IReadOnlyDictionary<string, JsonElement> fields) => !fields.ContainsKey(Field) ? fields
        : Ordered(fields.Select(field => KeyValuePair.Create(field.Key == Field ? Other(Field) : field.Key, field.Value)).DistinctBy(field => field.Key));

    private OrderedDictionary<string, JsonElement> With(IReadOnlyDictionary<string, JsonElement> fields) =>
        Ordered(fields.Where(field => field.Key != Field).Append(KeyValuePair.Create(Field, JsonElement.Parse($"\"{Value}\""))));

    private static OrderedDictionary<string, JsonElement> Ordered(IEnumerable<KeyValuePair<string, JsonElement>> fields) => new(fields, StringComparer.Ordinal);
}

/// <summary>What is changed in the next request.</summary>
internal enum UpstreamLessonKind
{
    /// <summary>A field is left out.</summary>
    LeaveOut,

    /// <summary>The limit of tokens goes by its other name.</summary>
    OtherLimit,

    /// <summary>A field has a certain value.</summary>
    Set,

    /// <summary>The role <c>developer</c> is written as <c>system</c>.</summary>
    System,

    /// <summary>What the model thought goes back with its tool calls.</summary>
    Thoughts,
}

/// <summary>
/// What one upstream has taught so far. Each lesson is kept for an hour: a service may learn a field, and a lesson be wrong, while what it costs to
/// be taught anew is one refusal.
/// </summary>
internal sealed class UpstreamLessons(TimeProvider time)
{
    /// <summary>How many fields one request may be taught.</summary>
    public const int MaxOfRequest = 3;

    /// <summary>How long a lesson is kept.</summary>
    public static readonly TimeSpan Lasting = TimeSpan.FromHours(1);

    // More than a service ever refuses of one request.
    private const int MaxKept = 32;

    private readonly Lock _gate = new();
    private volatile Kept[] _kept = [];

    /// <summary>The shape of the next request.</summary>
    public RequestShape Shape(RequestShape shape, bool hasTools) => _kept is { Length: > 0 } kept
        ? kept.Where(lesson => !IsOver(lesson) && lesson.What.OfValue is null && (hasTools || !lesson.What.BesideTools)).Aggregate(shape, (taught, lesson) => lesson.What.Apply(taught))
        : shape;

    /// <summary>The shape of a request that was written, where it has values that are refused.</summary>
    public RequestShape Shape(RequestShape shape, ReadOnlyMemory<byte> request, bool hasTools)
    {
        if (!Array.Exists(_kept, lesson => lesson.What.OfValue is not null))
        {
            return shape;
        }

        using var asked = JsonDocument.Parse(request);
        return _kept.Where(lesson => !IsOver(lesson) && lesson.What.OfValue is { } value && (hasTools || !lesson.What.BesideTools) && SentFields.HasValue(asked.RootElement, lesson.What.Field, value))
            .Aggregate(shape, (taught, lesson) => lesson.What.Apply(taught));
    }

    /// <summary>Keeps a lesson.</summary>
    /// <returns>Whether it is new, and worth telling.</returns>
    public bool Learn(UpstreamLesson lesson)
    {
        lock (_gate)
        {
            var kept = _kept.Where(other => !IsOver(other)).ToList();
            if (kept.Exists(other => other.What == lesson))
            {
                return false;
            }

            // Of a field that takes some values the last one: where they change from turn to turn, one line tells of all.
            var isTold = kept.RemoveAll(other => lesson.OfValue is not null && other.What == lesson with { OfValue = other.What.OfValue }) > 0;
            _kept = [.. kept.TakeLast(MaxKept - 1), new Kept(lesson, time.GetTimestamp())];
            return !isTold;
        }
    }

    private bool IsOver(Kept lesson) => time.GetElapsedTime(lesson.Since) >= Lasting;

    private sealed record Kept(UpstreamLesson What, long Since);
}
