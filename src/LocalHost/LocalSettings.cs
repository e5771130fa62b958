using System.Net;
using System.Text.Json;
using Switchboard.Common;
using Switchboard.Hosting;

namespace LocalHost;

/// <summary>
/// The settings file of the Functions tooling: <c>Values</c> become settings, <c>Host:LocalHttpPort</c> is the port.
/// </summary>
/// <remarks>https://learn.microsoft.com/azure/azure-functions/functions-develop-local#local-settings-file</remarks>
internal sealed record LocalSettings(string Path, IReadOnlyDictionary<string, string?> Values, int? Port)
{
    /// <summary>The API key of the sample; it is public.</summary>
    public const string SampleKey = "local-sample-key-not-for-production";

    private const string FileName = "local.settings.json";
    private const string SampleName = "local.settings.sample.json";
    private const string RootMark = "FunctionsApp.sln";
    private const int MaxNameLength = 64;

    // https://learn.microsoft.com/azure/azure-functions/functions-develop-local#local-settings-file
    private static readonly string[] Sections = ["IsEncrypted", nameof(Values), "Host", "ConnectionStrings"];

    /// <summary>Whether this is the sample, whose key is public.</summary>
    public bool IsSample => System.IO.Path.GetFileName(Path) == SampleName;

    /// <summary>
    /// Finds the settings file, else the sample, in <paramref name="directory"/>, or at the top of the repository that this program was built in
    /// when it is started somewhere below that. In no other folder above: what lies there may be anybody's, such as in <c>/tmp</c>.
    /// </summary>
    /// <param name="directory">The folder that the program is started in.</param>
    /// <param name="program">The folder that the program lies in; null for its own.</param>
    /// <returns>Null when there is neither.</returns>
    /// <exception cref="SettingsFileException">The file cannot be used; the message says why.</exception>
    public static LocalSettings? Find(string directory, string? program = null)
    {
        var path = Folders(directory, program)
            .SelectMany(folder => (string[])[System.IO.Path.Combine(folder, FileName), System.IO.Path.Combine(folder, SampleName)])
            .FirstOrDefault(File.Exists);
        return path is null ? null : Read(path);
    }

    /// <summary>Finds the folder of <c>switchboard.json</c> by the same rule, and at last beside the program: it is published with it.</summary>
    /// <inheritdoc cref="Find"/>
    public static string? FindFolder(string directory, string? program = null) =>
        Folders(directory, program).Append(program ?? AppContext.BaseDirectory).FirstOrDefault(folder => File.Exists(System.IO.Path.Combine(folder, SettingsFolder.FileName)));

    private static IEnumerable<string> Folders(string directory, string? program)
    {
        var here = new DirectoryInfo(directory);
        var root = Above(new DirectoryInfo(program ?? AppContext.BaseDirectory)).FirstOrDefault(folder => File.Exists(System.IO.Path.Combine(folder.FullName, RootMark)));
        return Above(here).Where(folder => folder == here || folder.FullName == root?.FullName).Select(folder => folder.FullName);
    }

    private static IEnumerable<DirectoryInfo> Above(DirectoryInfo folder)
    {
        for (var next = folder; next is not null; next = next.Parent)
        {
            yield return next;
        }
    }

    private static LocalSettings Read(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            using var document = JsonDocument.Parse(stream, new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
            return Read(path, document.RootElement);
        }
        catch (InvalidOperationException failure)
        {
            throw new SettingsFileException($"{path} cannot be read: a text in it is not UTF-8.", failure);
        }
        catch (JsonException failure)
        {
            throw new SettingsFileException($"{path} cannot be read: {SettingsFile.NoJson(failure)}.", failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new SettingsFileException($"{path} cannot be read: {failure.Message}", failure);
        }
    }

    private static LocalSettings Read(string path, JsonElement root)
    {
        if (root.ValueKind is not JsonValueKind.Object)
        {
            throw new SettingsFileException($"{path}: a JSON object is expected.");
        }

        if (root.TryGetProperty("IsEncrypted", out var encrypted) && encrypted.ValueKind is JsonValueKind.True)
        {
            throw new SettingsFileException($"{path} is encrypted; run 'func settings decrypt' first.");
        }

        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        if (!root.TryGetProperty(nameof(Values), out var section))
        {
            EnsureNothingIsMeantAsValues(path, root, hasValues: false);
        }
        else if (section.ValueKind is not JsonValueKind.Object)
        {
            throw new SettingsFileException($"{path}: Values must be an object of names and texts, such as {{ \"Access__ApiKeys__0\": \"…\" }}.");
        }
        else
        {
            EnsureNothingIsMeantAsValues(path, root, hasValues: true);
            foreach (var value in section.EnumerateObject())
            {
                // As in the environment, a double underscore stands for a colon.
                values[value.Name.Replace("__", ConfigurationPath.KeyDelimiter, StringComparison.Ordinal)] = Text(path, value);
            }
        }

        return new LocalSettings(path, values, ReadPort(path, root));
    }

    // What stands beside Values is nobody's setting: a start that passes over it says no more than that a key is missing.
    private static void EnsureNothingIsMeantAsValues(string path, JsonElement root, bool hasValues)
    {
        foreach (var name in root.EnumerateObject().Select(property => property.Name).Where(name => !Sections.Contains(name)))
        {
            if (SettingsTree.Sections.Contains(name.Split('_', ':')[0], StringComparer.OrdinalIgnoreCase))
            {
                throw new SettingsFileException($"{path}: {LogText.Clean(name, MaxNameLength)} stands beside Values, where nothing is read; settings stand within it, as names and texts.");
            }

            if (!hasValues)
            {
                throw new SettingsFileException($"{path} has no Values, in which settings stand, but {LogText.Clean(name, MaxNameLength)}{(SettingText.Nearest(name, [nameof(Values)]) is null ? "." : "; did you mean Values?")}");
            }
        }
    }

    private static string? Text(string path, JsonProperty value) => value.Value.ValueKind switch
    {
        JsonValueKind.Object or JsonValueKind.Array =>
            throw new SettingsFileException($"{path}: Values:{value.Name} must be a text; write nested settings as {value.Name}__Name."),
        JsonValueKind.Null => null,
        _ => value.Value.ToString(),
    };

    private static int? ReadPort(string path, JsonElement root) =>
        !root.TryGetProperty("Host", out var host) || host.ValueKind is not JsonValueKind.Object || !host.TryGetProperty("LocalHttpPort", out var port) ? null
        : port.ValueKind is JsonValueKind.Number && port.TryGetInt32(out var number) && number is > 0 and <= IPEndPoint.MaxPort ? number
        : throw new SettingsFileException($"{path}: Host:LocalHttpPort must be a number from 1 to {IPEndPoint.MaxPort}, without quotes.");
}
