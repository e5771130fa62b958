using System.Text.RegularExpressions;

namespace Switchboard.Tests.Hosting;

/// <summary>A page of <c>docs/platforms</c>, taken apart.</summary>
internal sealed partial record PlatformPage(string Name, string Text)
{
    private static readonly string Folder = Repository.PathOf("docs", "platforms");

    /// <summary>The page about all of them, with the settings that they share and the server of the examples.</summary>
    public static PlatformPage Index { get; } = Read(Path.Combine(Folder, "README.md"));

    /// <summary>The pages of single platforms.</summary>
    public static IReadOnlyList<PlatformPage> All { get; } =
        [.. Directory.EnumerateFiles(Folder, "*.md").Order(StringComparer.Ordinal).Where(path => Path.GetFileName(path) != "README.md").Select(Read)];

    /// <summary>The settings that it recommends, beside the shared ones.</summary>
    public IReadOnlyDictionary<string, string?> Settings => Assignment().Matches(Text)
        .ToDictionary(line => Key(line.Groups["key"].Value), line => (string?)line.Groups["value"].Value.Trim('"'));

    /// <summary>What it shows, in its order: a request, as it is written for curl or with other words of the caller, and the answer to it.</summary>
    public IEnumerable<(PlatformRequest Request, string Answer)> Examples
    {
        get
        {
            PlatformRequest? request = null;
            var end = 0;
            foreach (Match block in Block().Matches(Text))
            {
                var (code, before) = (block.Groups["code"].Value, Text[end..block.Index]);
                end = block.Index + block.Length;
                if (code.StartsWith("curl ", StringComparison.Ordinal))
                {
                    request = Parse(code);
                }
                else if (code.StartsWith("data: ", StringComparison.Ordinal))
                {
                    yield return (Saying().Match(before) is { Success: true } saying ? Say(request!, saying.Groups["words"].Value) : request!, code);
                }
            }
        }
    }

    /// <summary>The lines of the log that it shows.</summary>
    public IEnumerable<string> LogLines => Blocks("").Where(block => !block.StartsWith("data: ", StringComparison.Ordinal)).SelectMany(block => block.Split('\n', StringSplitOptions.RemoveEmptyEntries));

    /// <summary>What stands in the first column of its tables.</summary>
    public IEnumerable<string> FirstCells => Row().Matches(Text).Select(row => row.Groups["cell"].Value);

    public IEnumerable<string> Blocks(string language) =>
        Block().Matches(Text).Where(block => block.Groups["language"].Value == language).Select(block => block.Groups["code"].Value);

    public static string Key(string name) => name.Replace("__", ":", StringComparison.Ordinal);

    public override string ToString() => Name;

    private static PlatformRequest Say(PlatformRequest request, string words) => request.With(body => body["messages"]!.AsArray()[^1]!["content"] = words);

    private PlatformRequest Parse(string curl)
    {
        var headers = Header().Matches(curl).Select(header => (Name: header.Groups["name"].Value, Value: header.Groups["value"].Value))
            .Where(header => header.Name is not ("Authorization" or "Content-Type")).ToList();
        return new(Name, Body().Match(curl).Groups["json"].Value, headers) { Path = new Uri(Address().Match(curl).Groups["url"].Value).PathAndQuery };
    }

    private static PlatformPage Read(string path) => new(Path.GetFileNameWithoutExtension(path), File.ReadAllText(path).ReplaceLineEndings("\n"));

    [GeneratedRegex("^(?<key>[A-Za-z]+__[A-Za-z0-9_]+)=(?<value>.+)$", RegexOptions.Multiline)]
    private static partial Regex Assignment();

    [GeneratedRegex("^```(?<language>[a-z]*)\n(?<code>.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Block();

    [GeneratedRegex(@"^\| (?<cell>[^|]*) \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("With\\s`\"(?<words>[^\"]+)\"` as what the caller says")]
    private static partial Regex Saying();

    [GeneratedRegex("-H '(?<name>[^:']+): (?<value>[^']*)'")]
    private static partial Regex Header();

    [GeneratedRegex("-d '(?<json>[^']*)'")]
    private static partial Regex Body();

    [GeneratedRegex("'(?<url>http[^']*)'")]
    private static partial Regex Address();
}
