namespace LocalHost;

/// <summary>The command line: <c>--urls URL</c> and nothing else.</summary>
internal static class CommandLine
{
    public const string Usage = "usage: LocalHost [--urls http://127.0.0.1:7071]";

    /// <param name="args">The arguments.</param>
    /// <param name="url">The URL to listen on; null when none is given.</param>
    /// <returns>Whether the arguments are right.</returns>
    public static bool TryParse(string[] args, out string? url)
    {
        url = args switch
        {
            ["--urls", var value] => value,
            [var option] when option.StartsWith("--urls=", StringComparison.Ordinal) => option["--urls=".Length..],
            _ => null,
        };
        return args.Length == 0 || (url is not null && url.Split(';').All(IsHttp));
    }

    private static bool IsHttp(string url)
    {
        // BindingAddress also knows wildcard hosts such as http://*:7071.
        try
        {
            return BindingAddress.Parse(url).Scheme is "http";
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
