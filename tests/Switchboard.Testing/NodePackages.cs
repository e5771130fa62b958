using System.Diagnostics;

namespace Switchboard.Testing;

/// <summary>The packages of tests/package.json, installed once when they are needed.</summary>
public sealed class NodePackages
{
    // On a thread of its own, because a mutex is left by the thread that entered it.
    private static readonly Lazy<Task> Installed = new(() => Task.Factory.StartNew(
        Install, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));

    /// <summary>The folder tests of the source tree.</summary>
    public static string Folder { get; } = Repository.PathOf("tests");

    /// <summary>Installs the packages. Without npm the test is skipped, but fails where CI=true promises npm.</summary>
    public static async Task RequireAsync()
    {
        if (IsOnPath("npm"))
        {
            await Installed.Value;
        }
        else if (Environment.GetEnvironmentVariable("CI") == "true")
        {
            Assert.Fail("npm is not on the PATH, and CI=true.");
        }
        else
        {
            Assert.Skip("npm is not on the PATH.");
        }
    }

    /// <summary>Runs a program to its end and gives its standard output.</summary>
    public static async Task<string> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        var output = await process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        await process.WaitForExitAsync(CancellationToken.None);
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {await errors}");
        return output;
    }

    // The test projects run side by side, and each needs the folder whole.
    private static void Install()
    {
        using var mutex = new Mutex(initiallyOwned: false, @"Global\switchboard-tests-npm");
        try
        {
            mutex.WaitOne();
        }
        catch (AbandonedMutexException)
        {
            // Somebody ended that run. The mutex is ours all the same, and the marker says how far it came.
        }

        try
        {
            InstallAsync().GetAwaiter().GetResult();
        }
        finally
        {
            mutex.ReleaseMutex();
        }
    }

    private static async Task InstallAsync()
    {
        // npm writes this file last, so it says which lock file was installed whole.
        var marker = new FileInfo(Path.Combine(Folder, "node_modules", ".package-lock.json"));
        if (!marker.Exists || marker.LastWriteTimeUtc < File.GetLastWriteTimeUtc(Path.Combine(Folder, "package-lock.json")))
        {
            await RunAsync("npm", "ci");
        }
    }

    private static bool IsOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder =>
            File.Exists(Path.Combine(folder, program)) || File.Exists(Path.Combine(folder, $"{program}.cmd")));
}
