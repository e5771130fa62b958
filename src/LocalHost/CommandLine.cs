namespace LocalHost;

/// <summary>The command line: <c>--urls URL</c>, or <c>--check</c> alone, which the program looks for first.</summary>
internal static class CommandLine
{
    public const string Usage = "usage: LocalHost [--urls http://127.0.0.1:7071], or LocalHost --check: is switchboard.json fit to be published?";

    /// <param name="args">The arguments.</param>
    /// <param name="url">The URL to listen on, or several with semicolons between; null when none is given.</param>
    /// <returns>What is wrong with the arguments; null when nothing is.</returns>
    public static string? Parse(string[] args, out string? url)
    {
        url = args switch
        {
            ["--urls", var value] => value,
            [var option] when option.StartsWith("--urls=", StringComparison.Ordinal) => option["--urls=".Length..],
            _ => null,
        };
        return args.Length == 0 ? null
            : url is null ? Usage
            : url.Split(';').Select(ListenUrl.Failure).FirstOrDefault(failure => failure is not null);
    }
}
