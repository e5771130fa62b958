using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Switchboard.Common;
using Switchboard.Contract;

namespace Switchboard.Tools;

/// <summary>
/// Lets only such tool calls pass as can be made: of a tool that was declared, with arguments that are a JSON object. Of others the responder is
/// told, and asked again. It stands around the upstreams, where all tools of the turn are known, and always: models invent tools also where there are none.
/// </summary>
/// <param name="innerClient">What asks the upstreams.</param>
/// <param name="actions">The function of each call action of the model, by the action's name.</param>
/// <param name="areToolsRunAbove">Whether a step further out runs tools, and answers the calls of a round together.</param>
/// <param name="logger">Told of the calls that were not made.</param>
internal sealed class CheckedCallsChatClient(
    IChatClient innerClient, IReadOnlyDictionary<string, string> actions, bool areToolsRunAbove, ILogger<CheckedCallsChatClient> logger) : StreamingStep(innerClient)
{
    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var turn = new CheckedTurn(messages, options, actions, areToolsRunAbove, TurnOptions.LoggerOf(logger, options));
        do
        {
            await foreach (var update in InnerClient.GetStreamingResponseAsync(turn.Messages, turn.Options, cancellationToken))
            {
                if (turn.Take(update) is { } passed)
                {
                    yield return passed;
                }
            }
        }
        while (turn.TryAskAgain());

        if (turn.End() is { } end)
        {
            yield return end;
        }
    }
}

/// <summary>One asking of the responder, and the askings again.</summary>
internal sealed class CheckedTurn
{
    /// <summary>How often in a turn the responder may be told that a call cannot be made. After the last time it can only talk.</summary>
    public const int MaxRefusals = 2;

    // As much as somebody says in ten minutes.
    private const int MaxSaid = 8192;

    private readonly DeclaredTools _tools;
    private readonly TurnNotes _notes;
    private readonly bool _areRunAbove;
    private readonly ILogger _logger;
    private readonly List<(FunctionCallContent Call, string Refusal)> _refused = [];
    private readonly KeptText _said = new(MaxSaid);
    private Echo? _echo;
    private bool _hasPassedCalls;
    private bool _hasHeldEnd;
    private bool _hasSpoken;
    private bool _needsSpace;
    private bool _endsOpen;
    private bool _isLast;

    public CheckedTurn(IEnumerable<ChatMessage> messages, ChatOptions? options, IReadOnlyDictionary<string, string> actions, bool areRunAbove, ILogger logger)
    {
        Messages = messages;
        Options = options;
        _areRunAbove = areRunAbove;
        _logger = logger;
        _notes = TurnNotes.Of(options);
        foreach (var tool in options?.Tools ?? [])
        {
            _notes.Tools[tool.Name] = tool;
        }

        _tools = new DeclaredTools(_notes.Tools, actions, _notes.TakenOver);
    }

    public IEnumerable<ChatMessage> Messages { get; private set; }

    public ChatOptions? Options { get; private set; }

    /// <summary>What of an update goes on: not the calls that cannot be made, and not the end of an answer that has only such. Null when nothing does.</summary>
    public ChatResponseUpdate? Take(ChatResponseUpdate update)
    {
        var contents = update.Contents;
        var hasCalls = false;
        for (var position = 0; position < contents.Count; position++)
        {
            if (contents[position] is TextContent { Text: { Length: > 0 } text } said && Hear(text) is var heard && !ReferenceEquals(heard, text))
            {
                update = update.Clone();
                update.Contents = contents = [.. contents];
                contents[position] = new TextContent(heard) { AdditionalProperties = said.AdditionalProperties };
            }

            hasCalls |= contents[position] is FunctionCallContent { InformationalOnly: false };
        }

        var passed = hasCalls ? Checked(contents) : contents;
        if (update.FinishReason is not null && _refused.Count == 0 && _echo?.Complete() is { Length: > 0 } rest)
        {
            passed = [new TextContent(Hear(rest)), .. passed];
        }

        var isHeldEnd = update.FinishReason is not null && _refused.Count > 0 && !_hasPassedCalls;
        _hasHeldEnd |= isHeldEnd;
        if (!isHeldEnd && ReferenceEquals(passed, contents))
        {
            return update;
        }

        update = update.Clone();
        update.Contents = passed;
        update.FinishReason = isHeldEnd ? null : update.FinishReason;
        return passed.Count > 0 || update.FinishReason is not null ? update : null;
    }

    /// <summary>Prepares to ask the responder again where none of its calls can be made: <see cref="Messages"/> then tell it why. False when there is no need, or no use.</summary>
    public bool TryAskAgain()
    {
        if (_refused.Count == 0)
        {
            return false;
        }

        var isTold = !_hasPassedCalls && !_isLast;
        foreach (var (call, refusal) in _refused)
        {
            McpLog.CallNotMade(_logger, call.Name, refusal == DeclaredTools.NotJson ? "its arguments are no JSON object" : "there is no such tool", isTold ? "was told" : "was not told");
        }

        if (!isTold)
        {
            return false;
        }

        IEnumerable<AIContent> said = !_said.IsEmpty ? [new TextContent(_said.ToString())] : [];
        Messages =
        [
            .. Messages,
            new ChatMessage(ChatRole.Assistant, [.. said, .. _refused.Select(refused => Sendable(refused.Call))]),
            new ChatMessage(ChatRole.Tool, [.. _refused.Select(refused => new FunctionResultContent(refused.Call.CallId, refused.Refusal))]),
        ];
        _isLast = ++_notes.RefusedCalls >= MaxRefusals;
        Options = Options?.Clone() ?? new ChatOptions();
        Options.ToolMode = _isLast ? ChatToolMode.None : null;
        _refused.Clear();
        _echo = !_said.IsEmpty ? new Echo(_said.ToString()) : _echo?.Again();
        _said.Clear();
        _needsSpace |= _endsOpen;
        _hasHeldEnd = _hasSpoken = _endsOpen = false;
        return true;
    }

    /// <summary>The end that was held back of an answer that has words; null when it has ended already.</summary>
    /// <exception cref="ResponderException">The last answer has nothing but calls that cannot be made.</exception>
    public ChatResponseUpdate? End() =>
        _refused.Count > 0 && !_hasPassedCalls && !_hasSpoken ? throw new ResponderException(ResponderFailure.BadCall, _notes.Route)
        : _hasHeldEnd ? Speakable.Stop()
        : null;

    // OpenAI refuses a conversation that has another name in it.
    private static FunctionCallContent Sendable(FunctionCallContent call) =>
        McpFunction.NameOf(call.Name) is var name && name == call.Name ? call : ToolCallJson.With(call, name);

    private IList<AIContent> Checked(IList<AIContent> contents)
    {
        var checkedContents = new List<AIContent>(contents.Count);
        var refused = new List<(FunctionCallContent Call, string Refusal)>();
        var areRunAbove = _areRunAbove;
        foreach (var content in contents)
        {
            var known = content is FunctionCallContent { InformationalOnly: false } call ? _tools.Resolve(call) : content;
            if (known is FunctionCallContent { InformationalOnly: false } resolved)
            {
                if (_tools.Refusal(resolved) is { } refusal)
                {
                    refused.Add((resolved, refusal));
                    continue;
                }

                _hasPassedCalls = true;
                areRunAbove &= _tools.IsRunHere(resolved);
            }

            checkedContents.Add(known);
        }

        if (refused.Count > 0 && _hasPassedCalls && areRunAbove)
        {
            // Who runs the others tells the responder of these too.
            checkedContents.AddRange(refused.Select(each => each.Call));
        }
        else
        {
            _refused.AddRange(refused);
            KeepThoughts(checkedContents, refused);
        }

        return checkedContents.SequenceEqual(contents) ? contents : checkedContents;
    }

    // What the service wants back of the whole answer came with its first call, which may be left out.
    private static void KeepThoughts(List<AIContent> passed, List<(FunctionCallContent Call, string Refusal)> refused)
    {
        if (passed.OfType<FunctionCallContent>().FirstOrDefault() is { } first && refused.Select(each => Thoughts.Of(each.Call)).FirstOrDefault(of => of is not null) is { } thoughts)
        {
            (thoughts with { OfCall = Thoughts.Of(first)?.OfCall }).AddTo(first);
        }
    }

    // The text with a space before it, where it needs one: the replies of two rounds are two sentences.
    private string Hear(string text)
    {
        var heard = _echo is null ? text : _echo.Add(text);
        if (heard.Length == 0)
        {
            return "";
        }

        heard = _needsSpace && !char.IsWhiteSpace(heard[0]) ? $" {heard}" : heard;
        _needsSpace = false;
        _hasSpoken = _hasSpoken || !string.IsNullOrWhiteSpace(heard);
        _endsOpen = !char.IsWhiteSpace(heard[^1]);
        _said.Append(heard);
        return heard;
    }
}

/// <summary>What a responder says once more when it is asked again is not heard again: an answer that begins like the one before waits until it differs.</summary>
/// <param name="before">What was heard.</param>
internal sealed class Echo(string before)
{
    private readonly string _before = before.Trim();
    private string? _held = "";

    /// <summary>What of the next piece is new.</summary>
    public string Add(string piece)
    {
        if (_held is null)
        {
            return piece;
        }

        _held = (_held + piece).TrimStart();
        if (_held.Length < _before.Length && _before.StartsWith(_held, StringComparison.Ordinal))
        {
            return "";
        }

        // The blank behind what was said was heard too.
        var heard = _held.StartsWith(_before, StringComparison.Ordinal) ? _held[_before.Length..].TrimStart() : _held;
        _held = null;
        return heard;
    }

    /// <summary>What was held, since nothing follows, and it is an answer of its own.</summary>
    public string Complete()
    {
        var rest = _held ?? "";
        _held = null;
        return rest;
    }

    /// <summary>The same for an answer that brought nothing new.</summary>
    public Echo Again() => new(_before);
}
