using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Switchboard.Tools;

namespace Switchboard.Turns;

/// <summary>
/// One turn with tools that run here: what of the stream is for the caller. The calls and results that were handled here are not,
/// though <see cref="FunctionInvokingChatClient"/> yields them.
/// </summary>
/// <param name="tools">The tools that run here, by name.</param>
/// <param name="actions">The names of the call actions, which are judged here and performed further out.</param>
/// <param name="clients">The names of the client's tools, which end the turn.</param>
/// <param name="phrase">Gives the next phrase of a server that has some.</param>
/// <param name="logger">Told of the calls that were not run.</param>
internal sealed class McpTurn(IReadOnlyDictionary<string, McpFunction> tools, IReadOnlySet<string> actions, IReadOnlySet<string> clients, Func<McpConnection, string?> phrase, ILogger logger)
{
    private readonly List<string> _called = [];
    private bool _hasSpoken;
    private bool _endsOpen;
    private bool _needsSpace;
    private bool _callsClient;

    /// <summary>What of an update goes on; null when nothing does.</summary>
    public ChatResponseUpdate? Take(ChatResponseUpdate update)
    {
        var contents = new List<AIContent>(update.Contents.Count + 1);
        foreach (var content in update.Contents)
        {
            Take(content, contents);
        }

        // The end of a round in which only tools of ours were called is not the end of the answer.
        var endsRound = update.FinishReason == ChatFinishReason.ToolCalls && !_callsClient;
        if (!endsRound && contents.SequenceEqual(update.Contents))
        {
            return update;
        }

        var passed = update.Clone();
        passed.Contents = contents;
        passed.FinishReason = endsRound ? null : update.FinishReason;
        return contents.Count > 0 || passed.FinishReason is not null ? passed : null;
    }

    /// <summary>Reports the calls that nobody ran.</summary>
    public void End()
    {
        foreach (var name in _called)
        {
            McpLog.NotRun(logger, name);
        }
    }

    private void Take(AIContent content, List<AIContent> passed)
    {
        switch (content)
        {
            case FunctionResultContent:
                // A round's results come together, after all of its calls.
                _called.Clear();
                _needsSpace = _endsOpen;
                break;
            case FunctionCallContent call when actions.Contains(call.Name):
                passed.Add(call);
                break;
            case FunctionCallContent call when clients.Contains(call.Name):
                _callsClient = true;
                passed.Add(call);
                break;
            case FunctionCallContent call:
                _called.Add(call.Name);
                if (!_hasSpoken && tools.TryGetValue(call.Name, out var tool) && phrase(tool.Server) is { Length: > 0 } said)
                {
                    passed.Add(Speak(Speech.Phrase(said)));
                }

                break;
            case TextContent { Text.Length: > 0 } text:
                passed.Add(Speak(text));
                break;
            default:
                passed.Add(content);
                break;
        }
    }

    // The replies of two rounds are two sentences.
    private TextContent Speak(TextContent text)
    {
        var spaced = _needsSpace && !char.IsWhiteSpace(text.Text[0]) ? new TextContent($" {text.Text}") : text;
        _needsSpace = false;
        _hasSpoken |= !string.IsNullOrWhiteSpace(text.Text);
        _endsOpen = !char.IsWhiteSpace(text.Text[^1]);
        return spaced;
    }
}
