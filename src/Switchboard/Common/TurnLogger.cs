using System.Collections;
using Microsoft.Extensions.Logging;

namespace Switchboard.Common;

/// <summary>
/// Ends every line of a turn's step with the turn's call and request. The scope holds them too, but not every place where lines are read shows scopes: who looks for one call
/// would miss why its attempts failed and what became of its actions.
/// </summary>
/// <param name="inner">Where the lines go.</param>
/// <param name="call">The call; null where the request names none.</param>
/// <param name="request">The request.</param>
internal sealed class TurnLogger(ILogger inner, LogText call, LogText request) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => inner.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!inner.IsEnabled(logLevel))
        {
            return;
        }

        var text = $"{formatter(state, exception)}; call {call}, request {request}";
        inner.Log(logLevel, eventId, new Line(text, [.. Values(state)]), exception, static (line, _) => line.Text);
    }

    private IEnumerable<KeyValuePair<string, object?>> Values<TState>(TState state)
    {
        const string Format = "{OriginalFormat}";
        var values = state as IReadOnlyList<KeyValuePair<string, object?>> ?? [];
        return [.. values.Where(value => value.Key != Format), new("Call", call), new("RequestId", request), new(Format, $"{values.FirstOrDefault(value => value.Key == Format).Value}; call {{Call}}, request {{RequestId}}")];
    }

    // Exporters take the values and the format, others the text.
    private sealed class Line(string text, IReadOnlyList<KeyValuePair<string, object?>> values) : IReadOnlyList<KeyValuePair<string, object?>>
    {
        public string Text => text;

        public int Count => values.Count;

        public KeyValuePair<string, object?> this[int index] => values[index];

        public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => values.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        public override string ToString() => text;
    }
}
