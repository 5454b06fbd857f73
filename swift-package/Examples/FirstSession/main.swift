import Paceline
