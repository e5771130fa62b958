using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.Options;
using Switchboard.Hosting;

namespace LocalHost;

/// <summary>
/// Checks <c>switchboard.json</c> and its texts alone, as they are published, by the very checks of the start: what the environment or <c>local.settings.json</c> of this machine
/// says in their place would hide what is wrong until the deployment is down.
/// </summary>
internal static class SettingsCheck
{
    /// <summary>The argument that asks for it.</summary>
    public const string Option = "--check";

    /// <summary>What infra/ gives every app: keys and secrets come from a vault, whose content is nothing of the file's.</summary>
    private static readonly Dictionary<string, string?> Deployed = new() { ["Access:KeyVault:Uri"] = "https://some-vault.vault.azure.net/" };

    /// <returns>The exit code: 0, or 1 where something is wrong.</returns>
    public static async Task<int> RunAsync(string directory, TextWriter output, TextWriter errors)
    {
        if (LocalSettings.FindFolder(directory) is not { } path)
        {
            await errors.WriteLineAsync($"There is no {SettingsFolder.FileName} in {directory}.");
            return 1;
        }

        var folder = new LocalSettingsFolder(path);
        try
        {
            // Built as always, with the responders that somebody has registered there, but not started.
            await using var app = LocalHostApp.Build("http://127.0.0.1:0", [], builder =>
            {
                builder.Configuration.Sources.Clear();
                ((IConfigurationBuilder)builder.Configuration).Add(new MemoryConfigurationSource { InitialData = Deployed });
                ((IConfigurationBuilder)builder.Configuration).Add(new SettingsPlace(folder));
            });
            await output.WriteLineAsync($"{folder.FilePath}: models {string.Join(", ", app.Settings().Models.Select(model => model.Id))}: nothing wrong");
            return 0;
        }
        catch (OptionsValidationException wrong)
        {
            await errors.WriteLineAsync($"An app that is published with {folder.FilePath} does not start:{Environment.NewLine}  {string.Join($"{Environment.NewLine}  ", wrong.Failures)}");
            return 1;
        }
    }
}
