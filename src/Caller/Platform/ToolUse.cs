using System.Text;
using Caller.Wire;

namespace Caller.Platform;

/// <summary>A tool call as a client makes it.</summary>
internal sealed record ToolUse(string? Id, string Name, string Arguments);

/// <summary>Puts the tool calls of an answer together as a client does.</summary>
internal abstract class ToolCallReader
{
    public static ToolCallReader For(CallReading reading) => reading switch
    {
        CallReading.OneAtATime => new OneAtATime(),
        CallReading.FirstOfChunk => new FirstOfChunk(),
        CallReading.IndexZero => new IndexZero(),
        CallReading.Legacy => new Legacy(),
        _ => new ByIndex(),
    };

    /// <summary>What the client would raise, which fails the turn; null: nothing.</summary>
    public virtual string? Failure => null;

    public abstract void Push(Chunk chunk);

    /// <summary>The calls that were released, when the answer is over.</summary>
    public abstract IReadOnlyList<ToolUse> Complete();

    private sealed class Building(string? id, string? name, int? index)
    {
        private readonly StringBuilder _arguments = new();

        public int? Index => index;

        public void Append(string? arguments) => _arguments.Append(arguments);

        public ToolUse Build() => new(id, name ?? "", _arguments.ToString());
    }

    private sealed class ByIndex : ToolCallReader
    {
        private readonly List<Building> _calls = [];

        public override void Push(Chunk chunk)
        {
            foreach (var piece in chunk.ToolCalls)
            {
                var call = piece.Name is { Length: > 0 } ? null : _calls.FindLast(known => known.Index == piece.Index);
                if (call is null)
                {
                    _calls.Add(call = new Building(piece.Id, piece.Name, piece.Index));
                }

                call.Append(piece.ArgumentsText);
            }
        }

        public override IReadOnlyList<ToolUse> Complete() => [.. _calls.Select(call => call.Build())];
    }

    private sealed class OneAtATime : ToolCallReader
    {
        private readonly List<ToolUse> _released = [];
        private (string Id, string Name, int? Index)? _held;
        private string _arguments = "";

        public override void Push(Chunk chunk)
        {
            foreach (var piece in chunk.ToolCalls)
            {
                var next = _held is { } held && piece.Id is { Length: > 0 } && piece.Index != held.Index;
                if (next)
                {
                    Release();
                }

                if (piece.Name is { Length: > 0 } name)
                {
                    // Without an id it is never released.
                    _held = piece.Id is { Length: > 0 } id ? (id, name, piece.Index) : null;
                    _arguments = piece.ArgumentsText ?? "";
                }
                else
                {
                    _arguments += piece.ArgumentsText;
                }

                if (next)
                {
                    // The rest of the chunk is not looked at, its finish_reason neither.
                    return;
                }
            }

            if (chunk.FinishReason is "tool_calls" or "stop" && _held is not null)
            {
                Release();
            }
        }

        public override IReadOnlyList<ToolUse> Complete() => _released;

        private void Release()
        {
            _released.Add(new ToolUse(_held!.Value.Id, _held.Value.Name, _arguments));
            (_held, _arguments) = (null, "");
        }
    }

    private sealed class FirstOfChunk : ToolCallReader
    {
        private readonly List<ToolUse> _calls = [];
        private (string? Id, string Name, string Arguments) _building = (null, "", "");
        private int _index;

        public override void Push(Chunk chunk)
        {
            if (chunk.ToolCalls is not [var piece, ..])
            {
                return;
            }

            if (piece.Index != _index)
            {
                End();
                _index++;
            }

            if (piece.Name is { Length: > 0 } name)
            {
                _building = (piece.Id, _building.Name + name, _building.Arguments);
            }

            _building.Arguments += piece.ArgumentsText;
        }

        // The last call is made only if it has a name, and with it those before.
        public override IReadOnlyList<ToolUse> Complete()
        {
            if (_building.Name.Length == 0)
            {
                return [];
            }

            End();
            return _calls;
        }

        private void End()
        {
            _calls.Add(new ToolUse(_building.Id, _building.Name, _building.Arguments.Length > 0 ? _building.Arguments : "{}"));
            _building = (null, "", "");
        }
    }

    private sealed class IndexZero : ToolCallReader
    {
        private readonly Dictionary<int, Building> _calls = [];

        public override string? Failure => _calls.Count > 0 && !_calls.ContainsKey(0) ? $"KeyError: 0 (the call has index {_calls.Keys.First()}, and only 0 is looked for)" : null;

        public override void Push(Chunk chunk)
        {
            foreach (var piece in chunk.ToolCalls)
            {
                var index = piece.Index ?? -1;
                if (!_calls.TryGetValue(index, out var call))
                {
                    _calls[index] = call = new Building(piece.Id, piece.Name, index);
                }

                call.Append(piece.ArgumentsText);
            }
        }

        public override IReadOnlyList<ToolUse> Complete() => _calls.TryGetValue(0, out var call) ? [call.Build()] : [];
    }

    private sealed class Legacy : ToolCallReader
    {
        private string _name = "";
        private string _arguments = "";

        public override void Push(Chunk chunk)
        {
            if (chunk.Delta?.Find("function_call") is { } call)
            {
                _name += call.FindText("name");
                _arguments += call.FindText("arguments");
            }
        }

        public override IReadOnlyList<ToolUse> Complete() => _name.Length > 0 ? [new ToolUse(null, _name, _arguments)] : [];
    }
}
