namespace Caller.Talk;

/// <summary>Each line typed is something said.</summary>
/// <param name="input">The lines.</param>
/// <param name="prompt">Called before each line is read.</param>
/// <param name="echo">Shows the line when no terminal does; null where one does.</param>
internal sealed class TypedTurns(TextReader input, Action prompt, Action<string>? echo) : ITurnSource
{
    public async Task<SpokenTurn?> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            prompt();

            // Reading a terminal cannot be cancelled; the read is left behind when the command ends.
            var line = await Task.Run(input.ReadLine, CancellationToken.None).WaitAsync(cancellationToken);
            if (line is null)
            {
                echo?.Invoke("");
                return null;
            }

            echo?.Invoke(line);

            if (line.Trim() is { Length: > 0 } text)
            {
                return new SpokenTurn(text);
            }
        }
    }
}
