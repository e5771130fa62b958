using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Switchboard.Transcripts;

namespace Switchboard.Http;

/// <summary>The answer of <c>GET calls</c>.</summary>
/// <param name="Day">The day that the calls began on, by UTC.</param>
/// <param name="Calls">The calls, newest first.</param>
/// <param name="Continue">What to send as <c>continue</c> for the next page; null on the last one, and once a search has looked at all calls of the day.</param>
/// <param name="Searched">How many calls a search has looked at for this page; left out where nothing was searched.</param>
/// <param name="SearchedInPart">How many of them are too long to be looked at whole for <c>q</c>; left out without it.</param>
internal sealed record CallList(
    DateOnly Day,
    IReadOnlyList<CallSummary> Calls,
    string? Continue,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Searched,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? SearchedInPart);

/// <summary>The answer of <c>GET calls/{instanceId}</c>.</summary>
/// <param name="InstanceId">The call.</param>
/// <param name="ChannelId">Its channel; null where no request named one.</param>
/// <param name="Direction"><c>inbound</c> or <c>outbound</c>, as the platform told; left out where it did not, as all that it told.</param>
/// <param name="CallerNumber">The number that calls, as the platform told, that of a person cut to its end.</param>
/// <param name="CalleeNumber">The number that is called, likewise.</param>
/// <param name="Endings">How the call ended, as the platform told, in order.</param>
/// <param name="Turns">Its turns, in order.</param>
/// <param name="OutsideTurns">What the platform told that belongs to none of them, such as a greeting.</param>
/// <param name="HasMore">Whether more turns are stored than are answered.</param>
internal sealed record CallTranscript(
    string InstanceId,
    string? ChannelId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Direction,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? CallerNumber,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? CalleeNumber,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<CallEnding>? Endings,
    IReadOnlyList<TurnCard> Turns,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<PlatformCard>? OutsideTurns,
    bool HasMore)
{
    public static CallTranscript Of(IReadOnlyList<TurnTranscript> turns, bool hasMore, CallFacts? call, IReadOnlyList<SentenceFacts> sentences)
    {
        // By the number that is meant, however it is written.
        var told = sentences.ToDictionary(sentence => TableKey.Sentence(sentence.SentenceId) ?? "", StringComparer.Ordinal);
        var named = turns.Select(turn => TableKey.Sentence(turn.SentenceId) ?? "").ToHashSet(StringComparer.Ordinal);
        return new(
            turns is [.., var last] ? last.InstanceId : call!.Call.InstanceId,
            (turns is [.., var latest] ? latest.ChannelId : null) ?? call?.Call.ChannelId,
            call?.Direction,
            call?.CallerNumber,
            call?.CalleeNumber,
            call?.Ended,
            [.. turns.Select(turn => TurnCard.Of(turn, TableKey.Sentence(turn.SentenceId) is { } name && told.TryGetValue(name, out var facts) ? PlatformCard.Of(facts) : null))],
            // Of a call that has more turns than are answered, they may belong to one of those.
            !hasMore && told.Where(sentence => sentence.Key is "" || !named.Contains(sentence.Key)).Select(sentence => PlatformCard.Of(sentence.Value)).ToList() is [_, ..] outside ? outside : null,
            hasMore);
    }
}

/// <summary>What the platform told of a turn, by its clock.</summary>
/// <param name="SentenceId">The turn, as the platform names it; null where it does not.</param>
/// <param name="Heard">What the caller said; null where it did not tell, or only the length is kept.</param>
/// <param name="HeardLength">Its length in UTF-16 characters.</param>
/// <param name="Spoken">What was spoken to the caller; null where it did not tell, or only the length is kept.</param>
/// <param name="SpokenLength">Its length in UTF-16 characters.</param>
/// <param name="ModelAskedAt">When it asked us; null where it did not tell, as all times here.</param>
/// <param name="ModelAnsweredAt">When the first of our answer reached it.</param>
/// <param name="VoiceAskedAt">When it asked its voice.</param>
/// <param name="VoiceAnsweredAt">When the first sound reached it.</param>
internal sealed record PlatformCard(
    string? SentenceId,
    string? Heard,
    int HeardLength,
    string? Spoken,
    int SpokenLength,
    DateTimeOffset? ModelAskedAt,
    DateTimeOffset? ModelAnsweredAt,
    DateTimeOffset? VoiceAskedAt,
    DateTimeOffset? VoiceAnsweredAt)
{
    public static PlatformCard Of(SentenceFacts facts) => new(
        facts.SentenceId, facts.Said(byCaller: true), facts.Length(byCaller: true), facts.Said(byCaller: false), facts.Length(byCaller: false),
        facts.Times.ModelAskedAt, facts.Times.ModelAnsweredAt, facts.Times.VoiceAskedAt, facts.Times.VoiceAnsweredAt);
}

/// <summary>One turn of a <see cref="CallTranscript"/>.</summary>
/// <param name="SentenceId">The turn, as the platform names it; null when it does not.</param>
/// <param name="Key">The key that it was asked with, by the first 8 hex digits of its digest; null for a turn from before keys were kept.</param>
/// <param name="RequestId">The request that the turn was stored of.</param>
/// <param name="Requests">How many requests there were about the same words.</param>
/// <param name="StartedAt">When it came.</param>
/// <param name="Heard">What the caller said; null where only its length is kept.</param>
/// <param name="HeardLength">Its length in UTF-16 characters.</param>
/// <param name="Spoken">What was written to the client; null where only its length is kept.</param>
/// <param name="SpokenLength">Its length in UTF-16 characters.</param>
/// <param name="Cut">Whether the caller left before the end.</param>
/// <param name="Actions">The call actions and tool calls that the client got.</param>
/// <param name="Platform">The platform that asked; null where it is not known.</param>
/// <param name="Model">The configured model.</param>
/// <param name="Responder">Its responder; null when there is no such model.</param>
/// <param name="Upstream">The upstream that answered, where there is one.</param>
/// <param name="UpstreamFailures">The upstreams that failed, in order, and how; also where another one answered.</param>
/// <param name="Outcome">How it ended, in the words of the log.</param>
/// <param name="WorseOutcome">How another request about the same words ended that went worse; left out where none did.</param>
/// <param name="ErrorCode">The code of the error that ended it; null when none did.</param>
/// <param name="FirstSpeechMs">Milliseconds to the first speakable text sent; null when there was none.</param>
/// <param name="DurationMs">Milliseconds to the end.</param>
/// <param name="PromptTokens">The tokens of the request; null when unknown.</param>
/// <param name="CachedPromptTokens">How many of them the upstream remembered; null when unknown.</param>
/// <param name="CompletionTokens">The tokens of the answer; null when unknown.</param>
/// <param name="FirstAnswerMs">Milliseconds to the first speakable text of the responder, which no filler and no apology is; null when there was none.</param>
/// <param name="Cost">What all of them have cost, by the prices of the upstreams; null when unknown.</param>
/// <param name="Settings">The version of the settings that it was answered by; null when unknown.</param>
/// <param name="KeyName">What the operator calls the key; null where it has no name.</param>
/// <param name="Told">What the platform told of the turn beside its request; left out where it told nothing.</param>
internal sealed record TurnCard(
    string? SentenceId,
    string? Key,
    string RequestId,
    int Requests,
    DateTimeOffset StartedAt,
    string? Heard,
    int HeardLength,
    string? Spoken,
    int SpokenLength,
    bool Cut,
    IReadOnlyList<TranscribedAction> Actions,
    string? Platform,
    string? Model,
    string? Responder,
    string? Upstream,
    IReadOnlyList<UpstreamFailure> UpstreamFailures,
    string Outcome,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? WorseOutcome,
    string? ErrorCode,
    double? FirstSpeechMs,
    double DurationMs,
    long? PromptTokens,
    long? CachedPromptTokens,
    long? CompletionTokens,
    double? FirstAnswerMs,
    decimal? Cost,
    string? Settings,
    string? KeyName,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] PlatformCard? Told)
{
    public static TurnCard Of(TurnTranscript turn, PlatformCard? told) => new(
        turn.SentenceId, turn.Key, turn.RequestId, turn.Requests, turn.StartedAt, turn.Heard, turn.HeardLength, turn.Spoken, turn.SpokenLength, turn.IsCut, turn.Actions,
        turn.Platform, turn.Model, turn.Responder, turn.Upstream, turn.UpstreamFailures, turn.Outcome, turn.WorseOutcome, turn.ErrorCode, turn.FirstSpeechMs, turn.DurationMs, turn.PromptTokens, turn.CachedPromptTokens, turn.CompletionTokens,
        turn.FirstAnswerMs, turn.Cost, turn.Settings, turn.KeyName, told);
}

/// <summary>The JSON of the transcripts, generated at build time; what is unknown is null.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, Converters = [typeof(UtcTime)])]
[JsonSerializable(typeof(CallList))]
[JsonSerializable(typeof(CallTranscript))]
[JsonSerializable(typeof(DayOverview))]
internal sealed partial class CallsJson : JsonSerializerContext;

/// <summary>Times as JavaScript writes them: UTC, with milliseconds.</summary>
internal sealed class UtcTime : JsonConverter<DateTimeOffset>
{
    private const string Format = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        DateTimeOffset.ParseExact(reader.GetString()!, Format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture));
}
