using System.Text.Json;
using System.Text.Json.Nodes;
using Switchboard.Common;
using Switchboard.Contract;
using Switchboard.Models;
using Switchboard.Platforms;
using Switchboard.Responders;
using Switchboard.Upstream;

namespace Switchboard.Hosting;

/// <summary>
/// Settings that nothing heeds. What plainly was to change what callers hear, and does not, stops the start. What may be left over where something else was
/// switched by one setting (another responder for a day, transcripts off) is warned of: to stop for it would make such a switch a rewriting.
/// </summary>
internal static class IdleSettings
{
    /// <summary>The settings without effect that stop the start, each with its key and what to do.</summary>
    /// <param name="options">All settings.</param>
    /// <param name="isGiven">Whether somebody has written a setting, or one below its name.</param>
    public static IEnumerable<string> Failures(SwitchboardOptions options, Func<string, bool> isGiven) =>
        options.Models.SelectMany((model, index) => Failures(model, options, setting => isGiven($"Models:{index}:{setting}")).Select(failure => $"Models:{index}:{failure}"));

    /// <summary>The others, each with the reason.</summary>
    /// <inheritdoc cref="Failures(SwitchboardOptions, Func{string, bool})"/>
    public static IEnumerable<(string Setting, string Reason)> Warnings(SwitchboardOptions options, Func<string, bool> isGiven)
    {
        for (var index = 0; index < options.Models.Count; index++)
        {
            var path = $"Models:{index}:";
            foreach (var (setting, reason) in Warnings(options.Models[index], options, setting => isGiven(path + setting)))
            {
                yield return (path + setting, reason);
            }
        }

        foreach (var (setting, reason) in OfSections(options).Where(idle => isGiven(idle.Setting)))
        {
            yield return (setting, reason);
        }
    }

    private static IEnumerable<string> Failures(ModelOptions model, SwitchboardOptions options, Func<string, bool> isGiven)
    {
        var responder = isGiven("Responder") ? $"the responder is {model.Responder}" : $"no Responder is given, so that it is {SimulatedChatClient.Name}";
        if (model.Upstreams.Count > 0 && model.Responder is SimulatedChatClient.Name or ScriptedChatClient.Name)
        {
            yield return $"Upstreams: they are never asked, since {responder}; set Responder to {UpstreamChatClient.Name}, or take them out.";
        }

        // The sample text would be said in the place of what was written. One Responder mends it all, so that one of them is told.
        else if (!isGiven("Responder") && model.Responder == SimulatedChatClient.Name)
        {
            if (model.Script.Count > 0)
            {
                yield return $"Script: it is never played, since {responder}; set Responder to {ScriptedChatClient.Name}, or take it out.";
            }
            else if (!string.IsNullOrWhiteSpace(model.Prompt))
            {
                yield return $"{PromptOf(model)}: nothing follows it, since {responder}; set Responder to {UpstreamChatClient.Name}, or take it out.";
            }
        }

        if (model.Script.Select((rule, at) => (rule, at)).FirstOrDefault(entry => string.IsNullOrEmpty(entry.rule.When)) is { rule: not null } always && always.at < model.Script.Count - 1)
        {
            yield return $"Script:{always.at + 1}: it is never reached, since Script:{always.at} has no When and always matches; put that one last.";
        }

        var (first, last) = (FirstWait(model), LongestWait(model));
        if (model.FirstSpeech.HedgeAfter is { } hedge && model.Responder == UpstreamChatClient.Name)
        {
            if (model.Upstreams.Count == 1)
            {
                yield return "FirstSpeech:HedgeAfter: there is no other upstream to ask; add one (Upstreams:1), or take it out.";
            }
            else if (hedge >= first)
            {
                yield return $"FirstSpeech:HedgeAfter: expected less than {SettingTime.Show(first)}, when the slow upstream is given up and the next one asked, found {SettingTime.Show(hedge)}.";
            }
        }

        if (model.Filler.After is { } after)
        {
            var end = AsksAgain(model) ? options.Limits.TurnTimeout : last;
            if (after >= end)
            {
                yield return $"Filler:After: expected less than {SettingTime.Show(end)}, by when there is an answer or all have been given up ({Sum(model, options)}), found {SettingTime.Show(after)}: no filler would be said.";
            }
        }
        else if (model.Filler.Text.Count > 0 && !isGiven("Filler:After"))
        {
            yield return "Filler:Text: nothing says it; set Filler:After to the time after which it is to be said.";
        }
    }

    private static IEnumerable<(string Setting, string Reason)> Warnings(ModelOptions model, SwitchboardOptions options, Func<string, bool> isGiven) =>
        OfModel(model, options).Where(idle => isGiven(idle.Setting)).Concat(model.Responder == UpstreamChatClient.Name
            ? model.Upstreams.SelectMany((upstream, index) => OfUpstream(upstream, upstream.ModelOr(model.Id)).Select(idle => ($"Upstreams:{index}:{idle.Setting}", idle.Reason))).Where(idle => isGiven(idle.Item1))
            : []);

    private static IEnumerable<(string Setting, string Reason)> OfModel(ModelOptions model, SwitchboardOptions options)
    {
        var turn = options.Limits.TurnTimeout;
        if (model.Responder != SimulatedChatClient.Name)
        {
            yield return ("Simulated", $"the responder is {model.Responder}");
        }

        if (model.Responder == SimulatedChatClient.Name)
        {
            yield return ("Script", $"the responder is {model.Responder}");
            yield return (PromptOf(model), $"the responder is {model.Responder}");
            yield return ("Actions", $"the responder is {model.Responder}");
        }

        // A prompt beside a script is for the day on which a model takes its place, and its actions are the script's too.
        if (model.Responder is SimulatedChatClient.Name or ScriptedChatClient.Name)
        {
            yield return ("Tools:Mcp", $"the responder is {model.Responder}, which calls no tools");
        }

        if (model.Responder != UpstreamChatClient.Name)
        {
            yield return ("FirstSpeech:HedgeAfter", $"the responder is {model.Responder}, and there is no other to ask");
            yield return ("Upstreams", $"the responder is {model.Responder}, which was added in code, and only that could ask them");
        }

        if (model.FirstSpeech.Sentence is { } sentence && sentence >= model.FirstSpeech.Deadline + model.StallTimeout)
        {
            yield return ("FirstSpeech:Sentence", "an answer that falls silent after FirstSpeech:Deadline is ended by StallTimeout before");
        }

        if (model.FirstSpeech.Deadline >= turn)
        {
            yield return ("FirstSpeech:Deadline", $"a turn ends after Limits:TurnTimeout, {SettingTime.Show(turn)}");
        }

        if (model.StallTimeout >= turn)
        {
            yield return ("StallTimeout", $"a turn ends after Limits:TurnTimeout, {SettingTime.Show(turn)}");
        }

        if (model.Filler.Every is null)
        {
            yield return ("Filler:AtMost", "there is no Filler:Every, so that one filler is said");
        }
        else if (model.Filler.After + model.Filler.Every >= (AsksAgain(model) ? turn : LongestWait(model)))
        {
            yield return ("Filler:Every", "by then there is an answer or all have been given up");
        }

        if (!model.SpokenText)
        {
            yield return ("CodePhrase", "SpokenText is false");
            yield return ("SpeechTags", "SpokenText is false");
        }

        if (string.IsNullOrWhiteSpace(model.Prompt))
        {
            yield return ("TimeZone", "there is no Prompt that could tell the time");
        }

        if (model.Tools.Mcp.Count == 0)
        {
            yield return ("Tools:MaxRounds", "there is no MCP server (Tools:Mcp:0:Url)");
        }

        if (model.Platform is { } platform && Dialects.TryFind(platform, out var dialect) && dialect != Dialects.Plain)
        {
            if (dialect != AgoraCall.Dialect)
            {
                yield return ("Agora", $"the Platform is {platform}");
            }

            if (dialect != ImsCall.Dialect)
            {
                yield return ("Directives", $"the Platform is {platform}, and only IMS obeys them");
                for (var index = 0; index < model.Actions.Count; index++)
                {
                    yield return ($"Actions:{index}:As", $"the Platform is {platform}, and only IMS has two forms");
                }
            }
        }
    }

    private static IEnumerable<(string Setting, string Reason)> OfUpstream(UpstreamOptions upstream, string model)
    {
        if (upstream.Credential is not UpstreamCredential.Entra)
        {
            yield return ("CredentialScope", "there is no Credential (entra)");
        }

        var profile = upstream.BaseUrl is { IsAbsoluteUri: true } ? UpstreamProfiles.Of(upstream, model) : null;
        if (profile is not null && upstream.Thinking is UpstreamThinking.On or UpstreamThinking.Off)
        {
            var toggle = upstream.Thinking is UpstreamThinking.On ? profile.On : profile.Off;
            if (toggle is null && upstream.Thinking is UpstreamThinking.On)
            {
                yield return ("Thinking", "this service has nothing that would switch it on for this model");
            }
            else if (toggle is not null && upstream.ReasoningEffort is { Length: > 0 } && JsonNode.Parse(toggle)!.AsObject() is { Count: 1 } fields && fields.ContainsKey("reasoning_effort"))
            {
                yield return ("Thinking", "this service has one field for it and for ReasoningEffort, which wins");
            }
        }

        var body = FieldsOf(upstream.Body);
        foreach (var (setting, fields) in FieldsOfSettings)
        {
            if (fields.Any(upstream.Omit.Contains))
            {
                yield return (setting, "Omit leaves its field out");
            }
            else if (fields.Any(body.Contains))
            {
                yield return (setting, "Body sets its field");
            }
        }
    }

    private static IEnumerable<(string Setting, string Reason)> OfSections(SwitchboardOptions options)
    {
        if (options.Limits.KeepAlive >= options.Limits.TurnTimeout)
        {
            yield return ("Limits:KeepAlive", $"a turn ends after Limits:TurnTimeout, {SettingTime.Show(options.Limits.TurnTimeout)}");
        }

        if (!options.HasVault)
        {
            yield return ("Access:KeyVault", "there is no Access:KeyVault:Uri");
        }

        if (!options.Transcripts.AreKept)
        {
            foreach (var name in (string[])["ClientId", "TablePrefix", "Redact", "RetentionDays", "QueueCapacity", "QueueBytes"])
            {
                yield return ($"Transcripts:{name}", "no transcripts are kept: set Transcripts:TableServiceUri");
            }

            yield return ("Access:OperatorKeys", "no transcripts are kept: set Transcripts:TableServiceUri");
        }
        else if (options.Transcripts.TableServiceUri is null)
        {
            yield return ("Transcripts:ClientId", "only Transcripts:TableServiceUri is asked with an identity");
        }
    }

    private static readonly (string Setting, string[] Fields)[] FieldsOfSettings =
    [
        (nameof(UpstreamOptions.Temperature), ["temperature"]),
        (nameof(UpstreamOptions.TopP), ["top_p"]),
        (nameof(UpstreamOptions.ReasoningEffort), ["reasoning_effort"]),
        (nameof(UpstreamOptions.Verbosity), ["verbosity"]),
        (nameof(UpstreamOptions.ServiceTier), ["service_tier"]),
        (nameof(UpstreamOptions.PromptCacheKey), ["prompt_cache_key"]),
        (nameof(UpstreamOptions.MaxTokens), [RequestShape.MaxTokensField, RequestShape.MaxCompletionTokensField]),
    ];

    private static HashSet<string> FieldsOf(string? body)
    {
        try
        {
            return body is { Length: > 0 } && JsonNode.Parse(body) is JsonObject fields ? [.. fields.Select(field => field.Key)] : [];
        }
        catch (Exception failure) when (failure is JsonException or ArgumentException)
        {
            // What is wrong with it is told by its own check.
            return [];
        }
    }

    private static string PromptOf(ModelOptions model) => model.PromptFile is { Length: > 0 } ? nameof(ModelOptions.PromptFile) : nameof(ModelOptions.Prompt);

    // What one attempt has to its first word.
    private static TimeSpan FirstWait(ModelOptions model) => model.FirstSpeech.Sentence is { } sentence && sentence < model.FirstSpeech.Deadline ? sentence : model.FirstSpeech.Deadline;

    // What all attempts of a turn have, one after the other, or each beginning so long after the one before.
    private static TimeSpan LongestWait(ModelOptions model)
    {
        var (first, others) = (FirstWait(model), Attempts(model) - 1);
        return first + (others * (model.FirstSpeech.HedgeAfter is { } hedge && hedge < first ? hedge : first));
    }

    private static int Attempts(ModelOptions model) => model.Responder == UpstreamChatClient.Name ? Math.Max(1, model.Upstreams.Count) : 1;

    // While tools run, and where a transfer was refused, the responder is asked again, and the caller may have heard nothing yet.
    private static bool AsksAgain(ModelOptions model) => model.Tools.Mcp.Count > 0 || model.Actions.Any(action => action.Name == ActionNames.Transfer);

    private static string Sum(ModelOptions model, SwitchboardOptions options) => AsksAgain(model) ? $"Limits:TurnTimeout = {SettingTime.Show(options.Limits.TurnTimeout)}"
        : $"{(FirstWait(model) < model.FirstSpeech.Deadline ? "FirstSpeech:Sentence" : "FirstSpeech:Deadline")} = {SettingTime.Show(FirstWait(model))}{(Attempts(model) == 1 ? "" : $" for each of {Attempts(model)} upstreams")}";
}
