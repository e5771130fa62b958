using System.Text.RegularExpressions;

namespace Infra.Tests;

public sealed partial class WorkflowTests
{
    private static readonly string[] Lines = File.ReadAllLines(Repository.PathOf(".github", "workflows", "ci.yml"));

    [Fact]
    public void Actions_OfEveryStep_ArePinnedByCommitAndNameTheirVersion()
    {
        var actions = Lines.Where(line => line.Contains("uses:", StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(actions);
        Assert.All(actions, action => Assert.Matches(PinnedAction(), action));
    }

    [Fact]
    public void Permissions_OfTheWorkflow_AreToReadTheContents()
    {
        var at = Array.IndexOf(Lines, "permissions:");

        Assert.Equal("  contents: read", Lines[at + 1]);
        Assert.Equal("", Lines[at + 2]);
        Assert.Single(Lines, line => line.TrimStart().StartsWith("permissions:", StringComparison.Ordinal));
    }

    [Fact]
    public void Checkout_Always_LeavesNoTokenBehind() => Assert.Equal(
        Lines.Count(line => line.Contains("uses: actions/checkout@", StringComparison.Ordinal)),
        Lines.Count(line => line.Trim() == "persist-credentials: false"));

    [Fact]
    public void Jobs_All_HaveATimeLimit()
    {
        var jobs = Lines.SkipWhile(line => line != "jobs:").Count(line => JobName().IsMatch(line));

        Assert.Equal(4, jobs);
        Assert.Equal(jobs, Lines.Count(line => line.StartsWith("    timeout-minutes: ", StringComparison.Ordinal)));
    }

    [Fact]
    public void Job_OfTheTests_RunsWhatContributorsRun()
    {
        Assert.Contains("      - run: bash .ci/run", Lines.SkipWhile(line => line != "  test:").TakeWhile(line => line != "  smoke:"));
        Assert.Contains("bash .ci/run", File.ReadAllText(Repository.PathOf("CONTRIBUTING.md")), StringComparison.Ordinal);
    }

    [Fact]
    public void Scripts_OfTheSteps_ExistAndMayRun()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows does not know who may run a file.");
            return;
        }

        var scripts = Lines.SelectMany(line => Script().Matches(line)).Select(match => match.Value).ToList();

        Assert.Equal([".ci/run", ".ci/smoke", ".ci/advisories", ".ci/lint-infra"], scripts);
        foreach (var script in scripts)
        {
            Assert.True(File.GetUnixFileMode(Repository.PathOf(script)).HasFlag(UnixFileMode.UserExecute), script);
        }
    }

    [GeneratedRegex(@"uses: actions/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")]
    private static partial Regex PinnedAction();

    [GeneratedRegex(@"^  [a-z]+:$")]
    private static partial Regex JobName();

    [GeneratedRegex(@"\.ci/[a-z-]+")]
    private static partial Regex Script();
}
