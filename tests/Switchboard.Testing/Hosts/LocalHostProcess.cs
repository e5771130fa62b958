using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Switchboard.Testing;

/// <summary>LocalHost as a user starts it: a process of its own, so that environment variables and loaded assemblies are its own too.</summary>
internal sealed partial class LocalHostProcess : IDisposable
{
    private readonly Process _process;
    private readonly DirectoryInfo _folder;
    private readonly List<string> _output = [];

    private LocalHostProcess(Process process, DirectoryInfo folder)
    {
        _process = process;
        _folder = folder;
    }

    public Uri Address { get; private set; } = new("http://127.0.0.1");

    /// <summary>Its process id.</summary>
    public int Id => _process.Id;

    /// <summary>All that it has printed up to the line last waited for.</summary>
    public string Output => string.Join('\n', _output);

    /// <summary>Starts it in a folder without settings and waits until it listens.</summary>
    /// <param name="environment">Its settings; nothing of ours that could steer the Azure SDK reaches it.</param>
    /// <param name="programs">The folder of its assemblies; null for the one that the tests run from.</param>
    public static async Task<LocalHostProcess> StartAsync(IReadOnlyDictionary<string, string> environment, string? programs = null)
    {
        var folder = Directory.CreateTempSubdirectory("switchboard-test-");
        var program = Path.Combine(programs ?? AppContext.BaseDirectory, "LocalHost.dll");
        var start = new ProcessStartInfo("dotnet", [program, "--urls", "http://127.0.0.1:0"])
        {
            WorkingDirectory = folder.FullName,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(IsForeign).ToList())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var host = new LocalHostProcess(Process.Start(start)!, folder);
        try
        {
            var line = await host.WaitForAsync("Switchboard answers at ");
            host.Address = new Uri(Url().Match(line).Value);
            return host;
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }

    /// <summary>Waits for a line that holds <paramref name="text"/>.</summary>
    public async Task<string> WaitForAsync(string text)
    {
        while (await _process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            _output.Add(line);
            if (line.Contains(text, StringComparison.Ordinal))
            {
                return line;
            }
        }

        var errors = await _process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        throw new InvalidOperationException($"It ended without saying '{text}':\n{Output}\n{errors}");
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private static bool IsForeign(string name) =>
        name.StartsWith("AZURE_", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("Access__", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("Transcripts__", StringComparison.OrdinalIgnoreCase)
        || name.EndsWith("_PROXY", StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex("http://\\S+")]
    private static partial Regex Url();
}
