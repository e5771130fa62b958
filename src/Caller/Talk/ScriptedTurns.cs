using System.Globalization;

namespace Caller.Talk;

/// <summary>
/// A script of turns, one a line. Blank lines and lines that begin with # are skipped;
/// <c>!3 Tell me a story</c> interrupts the answer after its third piece. Lines below a turn that begin with =, !=, ~, &lt; or -&gt; say what is to come of it: see <see cref="Expectation"/>.
/// </summary>
internal sealed class ScriptedTurns(IReadOnlyList<SpokenTurn> turns, Action<SpokenTurn> onTurn) : ITurnSource
{
    private int _next;

    /// <summary>What was not said: the call was over before.</summary>
    public IReadOnlyList<SpokenTurn> Unsaid => [.. turns.Skip(_next)];

    public static bool TryParse(IEnumerable<string> lines, out IReadOnlyList<SpokenTurn> turns, out string? error)
    {
        var read = new List<SpokenTurn>();
        turns = read;
        var number = 0;
        foreach (var line in lines.Select(line => line.Trim()))
        {
            number++;
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            if (Expectation.TryParse(line, out var expectation, out error))
            {
                if (expectation is null || read.Count == 0)
                {
                    error = $"line {number}: '{line}' cannot be expected: {error ?? "nothing was said before"}{(error is [.., '?'] ? "" : ".")}";
                    return false;
                }

                read[^1] = read[^1] with { Expected = [.. read[^1].Expected, expectation] };
                continue;
            }

            if (line[0] != '!')
            {
                read.Add(new SpokenTurn(line));
                continue;
            }

            var space = line.IndexOf(' ', StringComparison.Ordinal);
            if (space < 0 || !int.TryParse(line[1..space], NumberStyles.None, CultureInfo.InvariantCulture, out var pieces) || pieces < 1)
            {
                error = $"line {number}: '{line}' is not of the form '!3 words', where 3 is the number of pieces heard before interrupting.";
                return false;
            }

            read.Add(new SpokenTurn(line[(space + 1)..].Trim(), pieces));
        }

        error = read.Count == 0 ? "it holds nothing to say." : null;
        return error is null;
    }

    public Task<SpokenTurn?> NextAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var turn = _next < turns.Count ? turns[_next++] : null;
        if (turn is not null)
        {
            onTurn(turn);
        }

        return Task.FromResult(turn);
    }
}
