using Sonde.Benchmarks;
using Sonde.Benchmarks.Peers;

Sonde.Cli.EventThreads.ContinueInPlace();   // as the executable does
return args switch
{
    ["lab", .. var rest] => LabCommand.Run(rest),
    ["figures", .. var rest] => FiguresCommand.Run(rest),
    [TcpConnectFigure.ListenerArgument] => Play(TcpConnectFigure.Listen),
    [DnsQueryFigure.ServerArgument] => Play(DnsQueryFigure.Serve),
    _ => Usage(),
};

static int Play(Action peer)
{
    peer();
    return 0;
}

static int Usage()
{
    Console.Error.WriteLine("usage: lab [--hosts N] [--delay 20ms] … | figures [NAME…] [--runs N] [--quick]");
    return 2;
}
