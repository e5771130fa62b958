using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Switchboard.Contract;
using Switchboard.Memory;

namespace Switchboard.Tools;

/// <summary>
/// One turn with tools that run here: what of the stream is for the caller. The calls and results that were handled here are not,
/// though <see cref="FunctionInvokingChatClient"/> yields them.
/// </summary>
/// <param name="tools">The tools that run here, by name.</param>
/// <param name="actions">The names of the call actions, which are judged here and performed further out.</param>
/// <param name="clients">The names of the client's tools, which end the turn.</param>
/// <param name="phrase">Gives the next phrase of a server that has some.</param>
/// <param name="memory">Knows what the tools have done for the call.</param>
/// <param name="logger">Told of the calls that were not run.</param>
internal sealed class McpTurn(
    IReadOnlyDictionary<string, McpFunction> tools,
    IReadOnlySet<string> actions,
    IReadOnlySet<string> clients,
    Func<McpConnection, string?> phrase,
    TurnMemory memory,
    ILogger logger) : IDisposable
{
    /// <summary>How many of the calls of one round are run; the responder is told of the others.</summary>
    public const int MaxCallsOfRound = 32;

    /// <summary>How many calls of a turn run at once; the others wait.</summary>
    public const int MaxCallsAtOnce = 16;

    private static readonly string TooMany =
        $"Not run: no more than {MaxCallsOfRound} tools are run for one answer. Call it again in your next answer if it is still needed.";

    private readonly SemaphoreSlim _places = new(MaxCallsAtOnce);
    private readonly List<string> _called = [];
    private bool _hasSpoken;
    private bool _endsOpen;
    private bool _needsSpace;
    private bool _callsClient;

    /// <summary>What of an update goes on; null when nothing does.</summary>
    public ChatResponseUpdate? Take(ChatResponseUpdate update)
    {
        var called = _called.Count;
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
        if (_called.Count > called && !_callsClient)
        {
            ToolsAtWork.Mark(passed);
            return passed;
        }

        return contents.Count > 0 || passed.FinishReason is not null ? passed : null;
    }

    /// <summary>Runs one of the calls of a round, or has a call action judged.</summary>
    public async ValueTask<object?> InvokeAsync(FunctionInvocationContext call, CancellationToken cancellationToken)
    {
        if (call.Function is not McpFunction function)
        {
            return await call.Function.InvokeAsync(call.Arguments, cancellationToken);
        }

        if (call.FunctionCallIndex >= MaxCallsOfRound)
        {
            if (call.FunctionCallIndex == MaxCallsOfRound)
            {
                McpLog.TooManyCalls(logger, call.FunctionCount, MaxCallsOfRound);
            }

            return TooMany;
        }

        if (call.CallContent.Exception is not null)
        {
            return DeclaredTools.NotJson;
        }

        await _places.WaitAsync(cancellationToken);
        try
        {
            return await memory.RunAsync(
                new ToolRequest(
                    call.CallContent, function.Server.Name, call.Iteration, function.IsRepeatable, function.Server.Options.CallTimeout,
                    () => function.RunAsync(call.Arguments, call.Options, CancellationToken.None)),
                cancellationToken);
        }
        finally
        {
            _places.Release();
        }
    }

    /// <summary>Reports the calls that nobody ran.</summary>
    public void End()
    {
        foreach (var name in _called)
        {
            McpLog.NotRun(logger, name);
        }
    }

    public void Dispose() => _places.Dispose();

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
                    passed.Add(Speak(Speakable.Phrase(said)));
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
