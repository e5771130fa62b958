using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using HandlebarsDotNet;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Switchboard.Common;
using Switchboard.Contract;

namespace Switchboard.Responders;

/// <summary>The responder <c>scripted</c>: the first rule that matches what the caller said last gives the reply and the call action.</summary>
internal sealed partial class ScriptedChatClient(string modelId, IEnumerable<ScriptRule> script, ILogger<ScriptedChatClient> logger) : StreamingChatClient
{
    public const string Name = "scripted";

    /// <summary>Said when no rule matches or its reply is blank: a caller who gets no answer hears dead air.</summary>
    public const string NoMatch = "Sorry, I did not get that. Could you say it again?";

    private readonly CompiledRule[] _rules = [.. script.Select(rule => new CompiledRule(rule))];

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        // A stream must await something, and this one has nothing to wait for.
        await Task.CompletedTask;
        var conversation = messages as IReadOnlyCollection<ChatMessage> ?? [.. messages];
        var (reply, action) = Answer(conversation, options, cancellationToken);
        var pieces = SpeechPieces.Split(reply);
        foreach (var piece in pieces)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return new ChatResponseUpdate(ChatRole.Assistant, piece);
        }

        if (action is not null)
        {
            yield return new ChatResponseUpdate(ChatRole.Assistant, [new FunctionCallContent($"call_{Guid.NewGuid():N}", action)]);
        }

        yield return new ChatResponseUpdate(ChatRole.Assistant, [TokenEstimate.Of(conversation, pieces.Count)])
        {
            FinishReason = action is null ? ChatFinishReason.Stop : ChatFinishReason.ToolCalls,
        };
    }

    // To act once more on what the caller said last, since the platform tells what came of the action, would act twice; the goodbye is said once, then or before.
    private (string Reply, string? Action) Answer(IReadOnlyCollection<ChatMessage> conversation, ChatOptions? options, CancellationToken cancellationToken)
    {
        var notes = TurnNotes.Of(options);
        return notes.Done.Count > 0 ? (notes.WantsLastWords ? Answer(Heard(conversation), options, cancellationToken).Reply : "", null)
            : IsResultOfAction(conversation) ? ("", null)
            : Answer(Heard(conversation), options, cancellationToken);
    }

    private static string Heard(IEnumerable<ChatMessage> conversation) =>
        conversation.LastOrDefault(message => message.Role == ChatRole.User)?.Text ?? "";

    // A client that reports what came of a call action says nothing new; answering the caller's last words again would act twice.
    private bool IsResultOfAction(IReadOnlyCollection<ChatMessage> conversation)
    {
        var results = conversation.Reverse().TakeWhile(message => message.Role == ChatRole.Tool)
            .SelectMany(message => message.Contents).OfType<FunctionResultContent>().Select(result => result.CallId).ToHashSet(StringComparer.Ordinal);
        return results.Count > 0 && conversation.SelectMany(message => message.Contents).OfType<FunctionCallContent>()
            .Any(call => results.Contains(call.CallId) && _rules.Any(rule => rule.Action == call.Name));
    }

    private (string Reply, string? Action) Answer(string heard, ChatOptions? options, CancellationToken cancellationToken)
    {
        for (var index = 0; index < _rules.Length; index++)
        {
            // Each pattern has its time, and a caller's words can use up that of many.
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                if (_rules[index].Match(heard) is { } match)
                {
                    var (reply, action) = (_rules[index].Reply(match, options), _rules[index].Action);
                    return action is null && string.IsNullOrWhiteSpace(reply) ? (NoMatch, null) : (reply, action);
                }
            }
            catch (RegexMatchTimeoutException)
            {
                RuleTimedOut(TurnOptions.LoggerOf(logger, options), modelId, index, CompiledRule.MatchTimeout.TotalMilliseconds);
            }
            catch (HandlebarsException)
            {
                // Not logged: its message may quote what is in the call.
                ReplyFailed(TurnOptions.LoggerOf(logger, options), modelId, index);
                break;
            }
        }

        return (NoMatch, null);
    }

    [LoggerMessage(EventId = 200, Level = LogLevel.Warning,
        Message = "The pattern of rule {Rule} of model {Model} did not finish in {Milliseconds} ms, twice, and the rule was skipped; simplify its When")]
    private static partial void RuleTimedOut(ILogger logger, LogText model, int rule, double milliseconds);

    [LoggerMessage(EventId = 201, Level = LogLevel.Warning,
        Message = "The reply of rule {Rule} of model {Model} could not be rendered for this call; look for helpers and partials in its Say that do not exist")]
    private static partial void ReplyFailed(ILogger logger, LogText model, int rule);
}
